import type { Emit } from '../host-series.ts';
import { CPU_MODES } from '../raw-reading.ts';
import type { CpuTimes } from '../raw-reading.ts';

/** The kernel's USER_HZ, which is 100 on every architecture that Node runs on. */
export const TICKS_PER_SECOND = 100;

/** CPU counters from the text of /proc/stat; the line with the sum of all CPUs is left out. Source: proc_stat(5). */
export function parseCpuTimes(stat: string): CpuTimes[] {
  const cpus: CpuTimes[] = [];
  let start = stat.indexOf('\n') + 1;
  while (stat.startsWith('cpu', start)) {
    const end = stat.indexOf('\n', start);
    const fields = stat.slice(start + 3, end === -1 ? undefined : end).split(' ');
    const seconds: number[] = [];
    for (let mode = 1; mode <= CPU_MODES.length; mode++) seconds.push(Number(fields[mode] ?? 0) / TICKS_PER_SECOND);
    const guest = {
      user: Number(fields[9] ?? 0) / TICKS_PER_SECOND,
      nice: Number(fields[10] ?? 0) / TICKS_PER_SECOND,
    };
    cpus.push({ cpu: fields[0] ?? '', seconds, guest });
    if (end === -1) break;
    start = end + 1;
  }
  return cpus;
}

/** A CPU whose idle time fell by more was unplugged and came back: its counters start anew. */
const RESTART_SECONDS = 3;

/**
 * The kernel's idle and iowait counters may step back a little, which `rate()` would take for a restart. Each counter is
 * therefore held at its highest value, as node_exporter does (cpu_linux.go, updateCPUStats).
 */
export function holdCounters(previous: readonly CpuTimes[], current: readonly CpuTimes[]): CpuTimes[] {
  return current.map((now, index) => {
    const before = previous[index]?.cpu === now.cpu ? previous[index] : previous.find((each) => each.cpu === now.cpu);
    if (before === undefined || secondsOf(before, IDLE) - secondsOf(now, IDLE) >= RESTART_SECONDS) return now;
    const seconds = now.seconds.map((value, mode) => Math.max(value, secondsOf(before, mode)));
    const guest =
      now.guest === null || before.guest === null
        ? now.guest
        : { user: Math.max(now.guest.user, before.guest.user), nice: Math.max(now.guest.nice, before.guest.nice) };
    return { cpu: now.cpu, seconds, guest };
  });
}

const IDLE = CPU_MODES.indexOf('idle');

function secondsOf(times: CpuTimes, mode: number): number {
  return times.seconds[mode] ?? 0;
}

/** node_exporter's series. A mode that the system does not count is NaN and gives no series. */
export function emitCpuTimes(cpus: readonly CpuTimes[], emit: Emit): void {
  for (const { cpu, seconds, guest } of cpus) {
    CPU_MODES.forEach((mode, index) => {
      const value = seconds[index] ?? NaN;
      if (!Number.isNaN(value)) emit('node_cpu_seconds_total', ['cpu', cpu, 'mode', mode], value);
    });
    if (guest === null) continue;
    emit('node_cpu_guest_seconds_total', ['cpu', cpu, 'mode', 'user'], guest.user);
    emit('node_cpu_guest_seconds_total', ['cpu', cpu, 'mode', 'nice'], guest.nice);
  }
}

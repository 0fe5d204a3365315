import { NO_PAIRS } from '../host-series.ts';
import type { Emit } from '../host-series.ts';

/** First words of /proc/stat lines whose first number is a series. Source: node_exporter, stat_linux.go. */
const STAT_SERIES = [
  ['intr', 'node_intr_total'],
  ['ctxt', 'node_context_switches_total'],
  ['btime', 'node_boot_time_seconds'],
  ['processes', 'node_forks_total'],
  ['procs_running', 'node_procs_running'],
  ['procs_blocked', 'node_procs_blocked'],
] as const;

/** Counters of the kernel from the text of /proc/stat. */
export function emitKernelCounters(stat: string, emit: Emit): void {
  for (const [word, name] of STAT_SERIES) {
    const value = lineNumber(stat, word);
    if (value !== null) emit(name, NO_PAIRS, value);
  }
}

/** Seconds since the epoch at which the kernel started; null when the text does not tell. */
export function bootTimeSeconds(stat: string): number | null {
  return lineNumber(stat, 'btime');
}

/** The number after `word` at the start of a line. */
function lineNumber(text: string, word: string): number | null {
  const marker = `\n${word} `;
  const at = text.indexOf(marker);
  // Number.parseInt stops at the first other character, which matters for the very long `intr` line.
  return at === -1 ? null : Number.parseInt(text.slice(at + marker.length, at + marker.length + 24), 10);
}

/** /proc/loadavg: `0.20 0.18 0.12 1/80 11206`. Source: proc_loadavg(5). */
export function parseLoadAverage(text: string): [load1: number, load5: number, load15: number] {
  const [load1, load5, load15] = text.split(' ', 3);
  return [Number(load1), Number(load5), Number(load15)];
}

export function emitLoadAverage([load1, load5, load15]: readonly [number, number, number], emit: Emit): void {
  emit('node_load1', NO_PAIRS, load1);
  emit('node_load5', NO_PAIRS, load5);
  emit('node_load15', NO_PAIRS, load15);
}

/** /proc/sys/fs/file-nr: allocated, unused (always 0), maximum. Source: proc_sys_fs(5). */
export function emitFileHandles(text: string, emit: Emit): void {
  const [allocated, , maximum] = text.trim().split(/\s+/);
  emit('node_filefd_allocated', NO_PAIRS, Number(allocated));
  emit('node_filefd_maximum', NO_PAIRS, Number(maximum));
}

/** The lines of /proc/vmstat that node_exporter keeps by default: paging, swapping, faults, kills for memory. */
const VMSTAT_KEPT = /^(?:oom_kill|pgpg|pswp|pg.*fault)/;

export function emitVmstat(text: string, emit: Emit): void {
  for (const line of text.split('\n')) {
    if (!VMSTAT_KEPT.test(line)) continue;
    const space = line.indexOf(' ');
    emit(`node_vmstat_${line.slice(0, space)}`, NO_PAIRS, Number(line.slice(space + 1)));
  }
}

/**
 * Pressure stall totals of one resource, e.g. the text of /proc/pressure/io: `some avg10=… total=8177720` in µs.
 * For the CPU the kernel's `full` line says nothing and is left out; for interrupts only `full` exists.
 * Source: Documentation/accounting/psi.rst; node_exporter, pressure_linux.go.
 */
export function emitPressure(resource: 'cpu' | 'io' | 'memory' | 'irq', text: string, emit: Emit): void {
  for (const line of text.split('\n')) {
    const at = line.indexOf('total=');
    if (at === -1) continue;
    const kind = line.startsWith('some') ? 'waiting' : 'stalled';
    if (resource === 'cpu' && kind === 'stalled') continue;
    emit(`node_pressure_${resource}_${kind}_seconds_total`, NO_PAIRS, Number(line.slice(at + 6)) / 1e6);
  }
}

import type { Systeminformation } from 'systeminformation';
import type { HostGroup } from '../host-group.ts';
import { NO_PAIRS } from '../host-series.ts';
import type { Emit } from '../host-series.ts';
import { hottestCelsius } from '../linux/sensors.ts';
import { FSTYPE_EXCLUDED, MOUNTPOINT_EXCLUDED } from '../linux/mounts.ts';
import type { Mount } from '../linux/mounts.ts';
import { isVirtualDevice } from '../linux/network-devices.ts';
import type { DiskBytes, MemoryUse, NetworkBytes, TransferRates } from '../raw-reading.ts';
import { transferRates } from '../reading.ts';
import type { SystemInformation } from '../system-information.ts';

/** What the slow pass found, for the frequent one to use until the next. */
export interface HeldFacts {
  mounts: readonly Mount[];
  memory: MemoryUse | null;
  rates: TransferRates | null;
}

/** Groups that systeminformation answers by starting programs. */
export function createPortableSlowGroups(options: {
  readonly platform: NodeJS.Platform;
  readonly systemInformation: () => Promise<SystemInformation>;
  readonly held: HeldFacts;
}): HostGroup[] {
  const { platform, systemInformation, held } = options;
  const groups: HostGroup[] = [
    {
      collector: 'mounts',
      async read() {
        held.mounts = (await (await systemInformation()).fsSize()).flatMap((each) => mountOf(each));
      },
    },
    {
      collector: 'swap',
      async read(emit) {
        const memory = await (await systemInformation()).mem();
        held.memory = {
          totalBytes: memory.total,
          availableBytes: memory.available,
          swapTotalBytes: memory.swaptotal,
          swapFreeBytes: memory.swapfree,
        };
        emitMemory(memory, platform, emit);
      },
    },
    createTransferGroup(systemInformation, held),
    {
      collector: 'hwmon',
      async read(emit, reading) {
        const { main, max } = await (await systemInformation()).cpuTemperature();
        // 0 and null both stand for "no sensor", in spite of the declared type.
        reading.temperatureMaxCelsius = hottestCelsius([main, max].filter(Number.isFinite));
        const celsius = hottestCelsius([main].filter(Number.isFinite));
        if (celsius !== null) emit('node_hwmon_temp_celsius', ['chip', 'cpu', 'sensor', 'main'], celsius);
      },
    },
    {
      collector: 'powersupplyclass',
      async read(emit) {
        const battery = await (await systemInformation()).battery();
        if (!battery.hasBattery) return;
        emit('node_power_supply_capacity', ['power_supply', 'battery'], battery.percent);
        emit('node_power_supply_online', ['power_supply', 'mains'], battery.acConnected ? 1 : 0);
      },
    },
  ];
  return groups.map(guardGroup);
}

/**
 * The package parses what other programs print, and throws whatever that leads to. To us each of these is a source that
 * cannot be read, not a bug that ends the sample.
 */
function guardGroup(group: HostGroup): HostGroup {
  return {
    collector: group.collector,
    async read(emit, reading) {
      try {
        await group.read(emit, reading);
      } catch (cause) {
        const message = cause instanceof Error ? cause.message : String(cause);
        const failure = new Error(`systeminformation failed: ${message}`, { cause });
        throw Object.assign(failure, { code: 'ERR_SYSTEM_INFORMATION' });
      }
    },
  };
}

function mountOf({ fs, mount, type, rw }: Systeminformation.FsSizeData): Mount[] {
  if (MOUNTPOINT_EXCLUDED.test(mount) || FSTYPE_EXCLUDED.test(type.toLowerCase())) return [];
  return [{ device: fs, mountpoint: mount, fstype: type, isReadOnly: rw === false }];
}

/** node_exporter's names of this system, and the Linux ones too, so that rules written for Linux find them. */
function emitMemory(memory: Systeminformation.MemData, platform: NodeJS.Platform, emit: Emit): void {
  emit('node_memory_SwapTotal_bytes', NO_PAIRS, memory.swaptotal);
  emit('node_memory_SwapFree_bytes', NO_PAIRS, memory.swapfree);
  // On Windows the frequent group gives these, fresher.
  if (platform === 'win32') return;
  emit('node_memory_MemTotal_bytes', NO_PAIRS, memory.total);
  emit('node_memory_MemFree_bytes', NO_PAIRS, memory.free);
  emit('node_memory_MemAvailable_bytes', NO_PAIRS, memory.available);
  if (platform !== 'darwin') return;
  emit('node_memory_total_bytes', NO_PAIRS, memory.total);
  emit('node_memory_free_bytes', NO_PAIRS, memory.free);
  emit('node_memory_active_bytes', NO_PAIRS, memory.active);
  emit('node_memory_swap_total_bytes', NO_PAIRS, memory.swaptotal);
  emit('node_memory_swap_used_bytes', NO_PAIRS, memory.swapused);
}

function createTransferGroup(systemInformation: () => Promise<SystemInformation>, held: HeldFacts): HostGroup {
  let previous: Parameters<typeof transferRates>[0] = null;
  return {
    collector: 'netdev',
    async read(emit, { monotonicMs }) {
      const system = await systemInformation();
      const interfaces = await system.networkStats('*');
      // Windows has no disk counters here: null.
      const disks = await system.fsStats();
      emitInterfaces(interfaces, emit);
      if (disks !== null) emitDisks(disks, emit);
      const current = { monotonicMs, network: sumInterfaces(interfaces), disk: diskBytes(disks) };
      held.rates = transferRates(previous, current);
      previous = current;
    },
  };
}

function emitInterfaces(interfaces: readonly Systeminformation.NetworkStatsData[], emit: Emit): void {
  for (const each of interfaces) {
    const labels = ['device', each.iface];
    emit('node_network_receive_bytes_total', labels, each.rx_bytes);
    emit('node_network_receive_errs_total', labels, each.rx_errors);
    emit('node_network_receive_drop_total', labels, each.rx_dropped);
    emit('node_network_transmit_bytes_total', labels, each.tx_bytes);
    emit('node_network_transmit_errs_total', labels, each.tx_errors);
    emit('node_network_transmit_drop_total', labels, each.tx_dropped);
    emit('node_network_up', labels, each.operstate === 'up' ? 1 : 0);
  }
}

/** systeminformation counts all disks together. */
function emitDisks(disks: Systeminformation.FsStatsData, emit: Emit): void {
  emit('node_disk_read_bytes_total', ['device', 'total'], disks.rx);
  emit('node_disk_written_bytes_total', ['device', 'total'], disks.wx);
}

function sumInterfaces(interfaces: readonly Systeminformation.NetworkStatsData[]): NetworkBytes {
  let receivedBytes = 0;
  let transmittedBytes = 0;
  for (const { iface, rx_bytes: received, tx_bytes: transmitted } of interfaces) {
    if (isVirtualDevice(iface)) continue;
    receivedBytes += received;
    transmittedBytes += transmitted;
  }
  return { receivedBytes, transmittedBytes };
}

function diskBytes(disks: Systeminformation.FsStatsData | null): DiskBytes | null {
  return disks === null ? null : { readBytes: disks.rx, writtenBytes: disks.wx };
}

import { NO_PAIRS } from '../host-series.ts';
import type { HostGroup } from '../host-group.ts';
import type { KernelFiles } from '../kernel-files.ts';
import {
  emitConntrackStats,
  emitNeighbours,
  emitNetstat,
  emitNetstat6,
  emitSockstat,
  emitSoftnet,
  emitUdpQueues,
} from './network-counters.ts';

/**
 * Protocols, sockets and tables of the network, and other counters that the kernel answers from memory.
 *
 * @param files shared with the frequent groups; its reads are synchronous and cost microseconds each
 * @param pageBytes size of a page of memory
 */
export function connectionGroups(files: KernelFiles, pageBytes: number): HostGroup[] {
  return [
    {
      collector: 'netstat',
      read(emit) {
        emitNetstat(files.read('proc/net/netstat'), emit);
        emitNetstat(files.read('proc/net/snmp'), emit);
        const six = readIfPresent(files, 'proc/net/snmp6');
        if (six !== null) emitNetstat6(six, emit);
      },
    },
    {
      collector: 'sockstat',
      read(emit) {
        emitSockstat(files.read('proc/net/sockstat'), pageBytes, emit);
        const six = readIfPresent(files, 'proc/net/sockstat6');
        if (six !== null) emitSockstat(six, pageBytes, emit);
      },
    },
    {
      collector: 'softnet',
      read(emit) {
        emitSoftnet(files.read('proc/net/softnet_stat'), emit);
      },
    },
    {
      collector: 'udp_queues',
      read(emit) {
        emitUdpQueues(files.read('proc/net/udp'), 'v4', emit);
        const six = readIfPresent(files, 'proc/net/udp6');
        if (six !== null) emitUdpQueues(six, 'v6', emit);
      },
    },
    {
      collector: 'arp',
      read(emit) {
        emitNeighbours(files.read('proc/net/arp'), emit);
      },
    },
    {
      collector: 'conntrack',
      mayBeMissing: true,
      read(emit) {
        const entries = files.read('proc/sys/net/netfilter/nf_conntrack_count');
        emit('node_nf_conntrack_entries', NO_PAIRS, Number(entries));
        const limit = files.read('proc/sys/net/netfilter/nf_conntrack_max');
        emit('node_nf_conntrack_entries_limit', NO_PAIRS, Number(limit));
        emitConntrackStats(files.read('proc/net/stat/nf_conntrack'), emit);
      },
    },
    {
      collector: 'entropy',
      read(emit) {
        const available = files.read('proc/sys/kernel/random/entropy_avail');
        emit('node_entropy_available_bits', NO_PAIRS, Number(available));
        emit('node_entropy_pool_size_bits', NO_PAIRS, Number(files.read('proc/sys/kernel/random/poolsize')));
      },
    },
    {
      collector: 'schedstat',
      mayBeMissing: true,
      read(emit) {
        const text = files.read('proc/schedstat');
        // `cpuN` and nine numbers, of which the last three are nanoseconds run, nanoseconds waited, and time slices.
        for (const [, cpu = '', running, waiting, slices] of text.matchAll(
          /^cpu(\d+)(?: \d+){6} (\d+) (\d+) (\d+)/gm,
        )) {
          const labels = ['cpu', cpu];
          emit('node_schedstat_running_seconds_total', labels, Number(running) / 1e9);
          emit('node_schedstat_waiting_seconds_total', labels, Number(waiting) / 1e9);
          emit('node_schedstat_timeslices_total', labels, Number(slices));
        }
      },
    },
  ];
}

/** Null where the kernel has no such file, as one without IPv6. */
function readIfPresent(files: KernelFiles, path: string): string | null {
  try {
    return files.read(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

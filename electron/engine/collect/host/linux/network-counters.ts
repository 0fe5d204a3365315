import type { Emit } from '../host-series.ts';
import { NO_PAIRS } from '../host-series.ts';

/** The counters of protocols that node_exporter keeps by default. Source: node_exporter, netstat_linux.go. */
const NETSTAT_KEPT =
  /^(.*_(InErrors|InErrs)|Ip_Forwarding|Ip(6|Ext)_(InOctets|OutOctets)|Icmp6?_(InMsgs|OutMsgs)|TcpExt_(Listen.*|Syncookies.*|TCPSynRetrans|TCPTimeouts|TCPOFOQueue|TCPRcvQDrop)|Tcp_(ActiveOpens|InSegs|OutSegs|OutRsts|PassiveOpens|RetransSegs|CurrEstab)|Udp6?_(InDatagrams|OutDatagrams|NoPorts|RcvbufErrors|SndbufErrors))$/;

/** /proc/net/netstat and /proc/net/snmp: pairs of lines, names above values: `TcpExt: ListenDrops …`, `TcpExt: 0 …`. */
export function emitNetstat(text: string, emit: Emit): void {
  const lines = text.split('\n');
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const names = (lines[i] ?? '').split(' ');
    const values = (lines[i + 1] ?? '').split(' ');
    const protocol = (names[0] ?? '').slice(0, -1);
    for (let column = 1; column < names.length; column++) {
      const name = `${protocol}_${names[column] ?? ''}`;
      if (isKept(name)) emit(`node_netstat_${name}`, NO_PAIRS, Number(values[column]));
    }
  }
}

/** /proc/net/snmp6: `Ip6InOctets 123`; the protocol ends with its 6. */
export function emitNetstat6(text: string, emit: Emit): void {
  for (const line of text.split('\n')) {
    const six = line.indexOf('6') + 1;
    const [counter = '', value = ''] = line.split(/\s+/);
    if (six === 0 || six > counter.length) continue;
    const name = `${counter.slice(0, six)}_${counter.slice(six)}`;
    if (isKept(name)) emit(`node_netstat_${name}`, NO_PAIRS, Number(value));
  }
}

function isKept(name: string): boolean {
  return NETSTAT_KEPT.test(name);
}

/**
 * /proc/net/sockstat and sockstat6: `TCP: inuse 5 orphan 0 mem 1`. Memory is in pages and given in bytes too.
 * Source: node_exporter, sockstat_linux.go.
 */
export function emitSockstat(text: string, pageBytes: number, emit: Emit): void {
  for (const line of text.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === -1) continue;
    const protocol = line.slice(0, colon);
    const words = line
      .slice(colon + 1)
      .trim()
      .split(' ');
    for (let i = 0; i + 1 < words.length; i += 2) {
      const [key = '', value = ''] = words.slice(i, i + 2);
      emit(`node_sockstat_${protocol}_${key}`, NO_PAIRS, Number(value));
      if (key === 'mem') emit(`node_sockstat_${protocol}_mem_bytes`, NO_PAIRS, Number(value) * pageBytes);
    }
  }
}

const SOFTNET_SERIES = [
  'node_softnet_processed_total',
  'node_softnet_dropped_total',
  'node_softnet_times_squeezed_total',
] as const;
/** Present since Linux 5.10; before, the line is the CPU. */
const SOFTNET_CPU_COLUMN = 12;

/** /proc/net/softnet_stat: one line of hexadecimal words per CPU. Source: node_exporter, softnet_linux.go. */
export function emitSoftnet(text: string, emit: Emit): void {
  text
    .trimEnd()
    .split('\n')
    .forEach((line, index) => {
      const words = line.split(' ');
      const named = words[SOFTNET_CPU_COLUMN];
      const labels = ['cpu', String(named === undefined ? index : Number.parseInt(named, 16))];
      SOFTNET_SERIES.forEach((name, column) => {
        emit(name, labels, Number.parseInt(words[column] ?? '', 16));
      });
    });
}

/** What waits in the queues of all UDP sockets, from /proc/net/udp or udp6. Source: node_exporter, udp_queues_linux.go. */
export function emitUdpQueues(text: string, ip: 'v4' | 'v6', emit: Emit): void {
  let transmitBytes = 0;
  let receiveBytes = 0;
  // `sl local remote st tx_queue:rx_queue …`, below a line of titles.
  for (const line of text.split('\n').slice(1)) {
    const [, , , , queues = ''] = line.trimStart().split(/\s+/, 5);
    const [transmit, receive] = queues.split(':');
    if (transmit === undefined || receive === undefined) continue;
    transmitBytes += Number.parseInt(transmit, 16);
    receiveBytes += Number.parseInt(receive, 16);
  }
  emit('node_udp_queues', ['ip', ip, 'queue', 'tx'], transmitBytes);
  emit('node_udp_queues', ['ip', ip, 'queue', 'rx'], receiveBytes);
}

/** Neighbours by device, from /proc/net/arp. Source: node_exporter, arp_linux.go. */
export function emitNeighbours(text: string, emit: Emit): void {
  const counts = new Map<string, number>();
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const device = line.trimEnd().split(/\s+/).at(-1) ?? '';
    counts.set(device, (counts.get(device) ?? 0) + 1);
  }
  for (const [device, count] of counts) emit('node_arp_entries', ['device', device], count);
}

/** Columns of /proc/net/stat/nf_conntrack that are kept. Source: node_exporter, conntrack_linux.go. */
const CONNTRACK_KEPT: ReadonlySet<string> = new Set([
  'found',
  'invalid',
  'ignore',
  'insert',
  'insert_failed',
  'drop',
  'early_drop',
  'search_restart',
]);

/** Connection tracking: a line of titles, then hexadecimal counters of each CPU, given as their sum. */
export function emitConntrackStats(text: string, emit: Emit): void {
  const [titles = '', ...lines] = text.trimEnd().split('\n');
  const rows = lines.map((line) => line.trim().split(/\s+/));
  titles
    .trim()
    .split(/\s+/)
    .forEach((title, column) => {
      if (!CONNTRACK_KEPT.has(title)) return;
      const sum = rows.reduce((total, row) => total + Number.parseInt(row[column] ?? '0', 16), 0);
      emit(`node_nf_conntrack_stat_${title}`, NO_PAIRS, sum);
    });
}

import { expect, test } from 'vitest';
import {
  emitConntrackStats,
  emitNeighbours,
  emitNetstat,
  emitNetstat6,
  emitSockstat,
  emitSoftnet,
  emitUdpQueues,
} from '../../../../electron/engine/collect/host/linux/network-counters.ts';
import { recordEmits } from './fake-machine.ts';

test('counters of protocols are those that node_exporter keeps', () => {
  const { emit, lines } = recordEmits();
  emitNetstat('TcpExt: SyncookiesSent ListenDrops TCPPureAcks\nTcpExt: 1 2 3\nIpExt: InOctets\nIpExt: 99\n', emit);
  emitNetstat('Udp: InDatagrams RcvbufErrors MemErrors\nUdp: 5 6 7\n', emit);
  emitNetstat6('Ip6InOctets                     \t1234\nUdp6NoPorts 3\nIp6InDelivers 9\n', emit);
  expect(lines).toEqual([
    'node_netstat_TcpExt_SyncookiesSent{} 1',
    'node_netstat_TcpExt_ListenDrops{} 2',
    'node_netstat_IpExt_InOctets{} 99',
    'node_netstat_Udp_InDatagrams{} 5',
    'node_netstat_Udp_RcvbufErrors{} 6',
    'node_netstat_Ip6_InOctets{} 1234',
    'node_netstat_Udp6_NoPorts{} 3',
  ]);
});

test('memory of sockets is given in pages and in bytes', () => {
  const { emit, lines } = recordEmits();
  emitSockstat('sockets: used 42\nTCP: inuse 5 mem 3\n', 4096, emit);
  expect(lines).toEqual([
    'node_sockstat_sockets_used{} 42',
    'node_sockstat_TCP_inuse{} 5',
    'node_sockstat_TCP_mem{} 3',
    'node_sockstat_TCP_mem_bytes{} 12288',
  ]);
});

test('the CPU of a softnet line is named by the line, and counted on an old kernel', () => {
  const zeros = '00000000 '.repeat(9);
  const { emit, lines } = recordEmits();
  emitSoftnet(`0000000a 00000001 00000002 ${zeros}00000003 00000000 00000000\n`, emit);
  emitSoftnet('000000ff 00000000 00000000\n00000001 00000000 00000000\n', emit);
  expect(lines.filter((line) => line.includes('processed'))).toEqual([
    'node_softnet_processed_total{cpu=3} 10',
    'node_softnet_processed_total{cpu=0} 255',
    'node_softnet_processed_total{cpu=1} 1',
  ]);
});

test('queues of all UDP sockets are summed up', () => {
  const { emit, lines } = recordEmits();
  const line = (queues: string) =>
    `  1: 0100007F:0035 00000000:0000 07 ${queues} 00:00000000 00000000 101 0 1 2 0000000000000000 0\n`;
  emitUdpQueues(
    `  sl  local_address rem_address   st tx_queue\n${line('00000001:00000010')}${line('00000002:0000000F')}`,
    'v4',
    emit,
  );
  expect(lines).toEqual(['node_udp_queues{ip=v4,queue=tx} 3', 'node_udp_queues{ip=v4,queue=rx} 31']);
});

test('neighbours are counted by device', () => {
  const { emit, lines } = recordEmits();
  const titles = 'IP address       HW type     Flags       HW address            Mask     Device\n';
  const line = (device: string) => `10.0.0.1  0x1  0x2  aa:bb:cc:dd:ee:ff     *        ${device}\n`;
  emitNeighbours(`${titles}${line('eth0')}${line('eth0')}${line('wlan0')}`, emit);
  expect(lines).toEqual(['node_arp_entries{device=eth0} 2', 'node_arp_entries{device=wlan0} 1']);
});

test('connection tracking is summed up over CPUs, whatever columns the kernel has', () => {
  const { emit, lines } = recordEmits();
  emitConntrackStats('entries  clashres found new drop\n0a 00 01 02 03\n0a 00 0f 02 01\n', emit);
  expect(lines).toEqual(['node_nf_conntrack_stat_found{} 16', 'node_nf_conntrack_stat_drop{} 4']);
});

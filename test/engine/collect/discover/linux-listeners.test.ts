import { expect, test } from 'vitest';
import {
  loopbackAddressOf,
  parseListeningSockets,
} from '../../../../electron/engine/collect/discover/linux-listeners.ts';
import { identifyExporter } from '../../../../electron/engine/collect/discover/exporter-names.ts';

const TCP = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:238C 00000000:0000 0A 00000000:00000000 00:00000000 00000000   117        0 1065 1 0000 100 0 0 10 0
   1: 0100007F:D431 0100007F:238C 01 00000000:00000000 00:00000000 00000000     0        0 2065 1 0000 20 4 30 10 -1
   2: 0A01A8C0:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 3065 1 0000 100 0 0 10 0
`;
const TCP6 = `  sl  local_address                         remote_address                        st
   0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 11 1
   1: 00000000000000000000000001000000:0277 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 12 1
   2: 0000000000000000FFFF00000100007F:2328 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 13 1
   3: 000080FE000000001111222233334444:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 14 1
`;

test('listening sockets are read with their address, port, user and inode', () => {
  expect(parseListeningSockets(TCP)).toEqual([
    { address: '127.0.0.1', port: 9100, userId: '117', inode: '1065' },
    { address: '192.168.1.10', port: 80, userId: '0', inode: '3065' },
  ]);
  expect(parseListeningSockets(TCP6).map(({ address, port }) => [address, port])).toEqual([
    ['::', 8080],
    ['::1', 631],
    ['::ffff:127.0.0.1', 9000],
    ['fe80:0:0:0:2222:1111:4444:3333', 80],
  ]);
});

test('an address is reached over loopback or not at all', () => {
  const reached = ['0.0.0.0', '::', '*', '::1', '127.0.0.53', '::ffff:127.0.0.1', '192.168.1.10', 'fe80::1'];
  expect(reached.map(loopbackAddressOf)).toEqual([
    '127.0.0.1',
    '127.0.0.1',
    '127.0.0.1',
    '::1',
    '127.0.0.53',
    '127.0.0.1',
    null,
    null,
  ]);
});

test('an exporter with the metrics of its language alone is named after its process', () => {
  const body = '# TYPE go_goroutines gauge\ngo_goroutines 7\nprocess_cpu_seconds_total 1\n';
  expect(identifyExporter(body, 'text/plain', 'my app')).toEqual({ title: 'my app', job: 'my-app', familyCount: 2 });
  expect(identifyExporter(body, 'text/plain', null)?.title).toBe('Go application');
});

test('prose is no exposition text', () => {
  expect(identifyExporter('there are 7 of them\n', 'text/plain', null)).toBeNull();
  expect(identifyExporter('{"a": 1}', 'application/json', null)).toBeNull();
});

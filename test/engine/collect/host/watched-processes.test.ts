import { afterEach, expect, test } from 'vitest';
import { emptyReading } from '../../../../electron/engine/collect/host/raw-reading.ts';
import { createWatchedProcesses } from '../../../../electron/engine/collect/host/linux/watched-processes.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { createFakeMachine, recordEmits } from './fake-machine.ts';
import type { FakeMachine } from './fake-machine.ts';

let machine: FakeMachine = createFakeMachine();
afterEach(() => {
  machine.remove();
});

function processFiles(pid: number, commandLine: string, facts: { ticks: number; pages: number; written: number }) {
  const name = commandLine.split(' ')[0]?.split('/').at(-1)?.slice(0, 15) ?? '';
  const fields = `S 1 1 1 0 -1 0 10 0 2 0 ${String(facts.ticks)} 50 0 0 20 0 3 0 500 8192 ${String(facts.pages)} 0`;
  return {
    [`proc/${String(pid)}/stat`]: `${String(pid)} (${name}) ${fields}\n`,
    [`proc/${String(pid)}/cmdline`]: `${commandLine.replaceAll(' ', '\u0000')}\u0000`,
    [`proc/${String(pid)}/io`]: `read_bytes: 7\nwrite_bytes: ${String(facts.written)}\n`,
    [`proc/${String(pid)}/fd/0`]: '',
  };
}

test('named programs are summed up, their counters outlive them, and none left is 0', async () => {
  machine = createFakeMachine({
    'proc/stat': 'cpu 1\nbtime 1000\n',
    ...processFiles(10, '/usr/bin/java -jar api.jar', { ticks: 200, pages: 2, written: 100 }),
    ...processFiles(11, '/usr/bin/java -jar api.jar --second', { ticks: 100, pages: 3, written: 0 }),
    ...processFiles(12, '/usr/sbin/nginx -g daemon', { ticks: 0, pages: 1, written: 0 }),
    ...processFiles(13, '/bin/other api', { ticks: 0, pages: 1, written: 0 }),
  });
  const group = createWatchedProcesses({
    root: machine.root,
    clock: createManualClock(),
    watches: [
      { name: 'api', pattern: 'java .*api[.]jar' },
      { name: 'nginx', pattern: null },
      { name: 'absent', pattern: null },
    ],
    pageBytes: 1000,
  });
  const read = async () => {
    const { emit, lines } = recordEmits();
    await group.read(emit, emptyReading(0, 0));
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
    );
  };
  const first = await read();
  const of = (values: Map<string, number>, name: string, labels: string) =>
    values.get(`namedprocess_namegroup_${name}{groupname=${labels}}`);
  expect(of(first, 'num_procs', 'api')).toBe(2);
  expect(of(first, 'num_procs', 'nginx')).toBe(1);
  expect(of(first, 'num_procs', 'absent')).toBe(0);
  expect(of(first, 'memory_bytes', 'absent,memtype=resident')).toBeUndefined();
  expect(of(first, 'memory_bytes', 'api,memtype=resident')).toBe(5000);
  expect(of(first, 'num_threads', 'api')).toBe(6);
  expect(of(first, 'open_filedesc', 'api')).toBe(2);
  expect(of(first, 'cpu_seconds_total', 'api,mode=user')).toBe(3);
  expect(of(first, 'write_bytes_total', 'api')).toBe(100);
  expect(of(first, 'oldest_start_time_seconds', 'api')).toBe(1005);

  machine.remove('proc/10');
  machine.write(processFiles(11, '/usr/bin/java -jar api.jar --second', { ticks: 150, pages: 4, written: 30 }));
  const second = await read();
  expect(of(second, 'num_procs', 'api')).toBe(1);
  expect(of(second, 'cpu_seconds_total', 'api,mode=user')).toBe(3.5);
  expect(of(second, 'write_bytes_total', 'api')).toBe(130);
  expect(of(second, 'memory_bytes', 'api,memtype=resident')).toBe(4000);
});

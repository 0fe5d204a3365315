import { createServer } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createDockerNames } from '../../../../electron/engine/collect/host/docker-names.ts';
import {
  emitContainers,
  findControlGroups,
  readContainers,
} from '../../../../electron/engine/collect/host/linux/containers.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { createFakeMachine, recordEmits } from './fake-machine.ts';
import type { FakeMachine } from './fake-machine.ts';

let machine: FakeMachine = createFakeMachine();
afterEach(() => {
  machine.remove();
});

const ID = 'ab12'.repeat(16);
const OTHER = 'cd34'.repeat(16);

function read(files: Record<string, string>) {
  machine = createFakeMachine(files);
  const groups = findControlGroups(machine.root);
  return groups === null ? null : readContainers(groups);
}

test('containers are found in the one hierarchy of version 2, and services are none', () => {
  const docker = `sys/fs/cgroup/system.slice/docker-${ID}.scope`;
  const pod = `sys/fs/cgroup/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1.slice/cri-containerd-${OTHER}.scope`;
  const found = read({
    'sys/fs/cgroup/cgroup.controllers': 'cpu io memory pids\n',
    'sys/fs/cgroup/system.slice/ssh.service/cpu.stat': 'usage_usec 5\n',
    [`${docker}/cpu.stat`]: 'usage_usec 2500000\nuser_usec 2000000\nsystem_usec 500000\nnr_throttled 4\n',
    [`${docker}/memory.current`]: '5000\n',
    [`${docker}/memory.stat`]: 'anon 3000\ninactive_file 1000\n',
    [`${docker}/memory.max`]: 'max\n',
    [`${docker}/memory.events`]: 'low 0\noom 1\noom_kill 1\n',
    [`${docker}/io.stat`]: '8:0 rbytes=100 wbytes=20 rios=1 wios=1\n8:16 rbytes=11 wbytes=2\n',
    [`${docker}/pids.current`]: '3\n',
    [`${pod}/memory.max`]: '8000\n',
  });
  expect(found).toHaveLength(2);
  expect(found?.find(({ id }) => id === ID)).toEqual({
    path: `/system.slice/docker-${ID}.scope`,
    id: ID,
    cpuSeconds: { total: 2.5, user: 2, system: 0.5 },
    throttledPeriods: 4,
    memoryBytes: 5000,
    workingSetBytes: 4000,
    memoryLimitBytes: null,
    outOfMemoryKills: 1,
    readBytes: 111,
    writtenBytes: 22,
    processes: 3,
  });
  expect(found?.find(({ id }) => id === OTHER)).toMatchObject({ memoryLimitBytes: 8000, cpuSeconds: null });
});

test('containers are found in the hierarchies of version 1', () => {
  const found = read({
    [`sys/fs/cgroup/memory/docker/${ID}/memory.usage_in_bytes`]: '900\n',
    [`sys/fs/cgroup/memory/docker/${ID}/memory.limit_in_bytes`]: '9223372036854771712\n',
    [`sys/fs/cgroup/cpuacct/docker/${ID}/cpuacct.usage`]: '1500000000\n',
    [`sys/fs/cgroup/cpuacct/docker/${ID}/cpuacct.stat`]: 'user 100\nsystem 50\n',
    [`sys/fs/cgroup/blkio/docker/${ID}/blkio.throttle.io_service_bytes`]: '8:0 Read 10\n8:0 Write 5\nTotal 15\n',
  });
  expect(found).toMatchObject([
    {
      path: `/docker/${ID}`,
      cpuSeconds: { total: 1.5, user: 1, system: 0.5 },
      memoryBytes: 900,
      memoryLimitBytes: null,
      readBytes: 10,
      writtenBytes: 5,
    },
  ]);
});

test('a machine without control groups has no containers', () => {
  expect(read({ 'proc/stat': '' })).toBeNull();
});

test('names come from Docker where it answers, and are the beginning of the id elsewhere', async () => {
  machine = createFakeMachine({ 'run/here': '' });
  const socket = join(machine.root, 'run/docker.sock');
  let asked = 0;
  const server = createServer((request, response) => {
    asked++;
    response.end(
      request.url === '/containers/json' ? JSON.stringify([{ Id: ID, Names: ['/web'], Image: 'nginx:1' }]) : '',
    );
  });
  const clock = createManualClock();
  const names = createDockerNames({ socket, clock });
  expect(await names.read()).toEqual(new Map());
  server.listen(socket);
  await once(server, 'listening');
  clock.advance(30_000);
  expect(await names.read()).toEqual(new Map());
  clock.advance(31_000);
  const known = await names.read();
  await names.read();
  server.close();
  expect([known.get(ID), asked]).toEqual([{ name: 'web', image: 'nginx:1' }, 1]);
  expect(clock.pendingTimers()).toBe(0);

  const empty = { throttledPeriods: null, workingSetBytes: null, memoryLimitBytes: null, outOfMemoryKills: null };
  const none = { cpuSeconds: null, readBytes: null, writtenBytes: null, processes: null, ...empty };
  const { emit, lines } = recordEmits();
  emitContainers(
    [
      { path: '/a', id: ID, memoryBytes: 1, ...none },
      { path: '/b', id: OTHER, memoryBytes: 2, ...none },
    ],
    known,
    emit,
  );
  expect(lines).toEqual([
    'container_memory_usage_bytes{id=/a,image=nginx:1,name=web} 1',
    'container_memory_usage_bytes{id=/b,image=,name=cd34cd34cd34} 2',
  ]);
});

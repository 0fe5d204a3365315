import { expect, test } from 'vitest';
import { emitGpus, parseNvidiaSmi } from '../../../../electron/engine/collect/host/gpu.ts';
import {
  createGpuWatch,
  readGpuProcesses,
  type FollowProgram,
  type GpuWatch,
} from '../../../../electron/engine/collect/host/nvidia-smi.ts';
import { readOtherGpus } from '../../../../electron/engine/collect/host/other-gpus.ts';
import { emptyReading } from '../../../../electron/engine/collect/host/raw-reading.ts';
import { createManualClock } from '../../../doubles/manual-clock.ts';
import { createFakeMachine, recordEmits } from './fake-machine.ts';

const OUTPUT = `0, GPU-3F2A0000-1111-2222-3333-444455556666, NVIDIA H200, 37, 2048, 143771, 41, 118.25, [N/A]
1, GPU-aaaa0000-1111-2222-3333-444455556666, NVIDIA GeForce MX, Mobile, [N/A], [N/A], 2002, 55, [Not Supported], 30
`;

test('the lines of nvidia-smi become ratios, bytes, degrees and watts', () => {
  expect(parseNvidiaSmi(OUTPUT)[0]).toEqual({
    index: 0,
    uuid: '3f2a0000-1111-2222-3333-444455556666',
    name: 'NVIDIA H200',
    utilizationRatio: 0.37,
    memoryUsedBytes: 2048 * 1024 * 1024,
    memoryTotalBytes: 143771 * 1024 * 1024,
    temperatureCelsius: 41,
    powerDrawWatts: 118.25,
    fanRatio: null,
  });
});

test('what a card does not tell is null and gives no series', () => {
  const [, second] = parseNvidiaSmi(OUTPUT);
  expect(second).toMatchObject({ name: 'NVIDIA GeForce MX, Mobile', utilizationRatio: null, powerDrawWatts: null });
  const record = recordEmits();
  emitGpus(second === undefined ? [] : [second], record.emit);
  expect(record.lines).toEqual([
    'nvidia_smi_gpu_info{index=1,name=NVIDIA GeForce MX, Mobile,uuid=aaaa0000-1111-2222-3333-444455556666} 1',
    'nvidia_smi_memory_total_bytes{uuid=aaaa0000-1111-2222-3333-444455556666} 2099249152',
    'nvidia_smi_temperature_gpu{uuid=aaaa0000-1111-2222-3333-444455556666} 55',
    'nvidia_smi_fan_speed_ratio{uuid=aaaa0000-1111-2222-3333-444455556666} 0.3',
  ]);
});

test('output that is an error message gives no card', () => {
  expect(parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n')).toEqual(
    [],
  );
});

/** A program that runs until it is stopped, and what it is asked to print. */
function createFakeProgram() {
  const runs: { command: string; say: (line: string) => void; end: () => void; isStopped: boolean }[] = [];
  const follow: FollowProgram = (file, args, { onLine, onEnd }) => {
    const run = { command: [file, ...args].join(' '), say: onLine, end: onEnd, isStopped: false };
    runs.push(run);
    return () => {
      run.isStopped = true;
    };
  };
  return { runs, follow };
}

async function readGroup(watch: GpuWatch): Promise<string[]> {
  const record = recordEmits();
  await watch.group.read(record.emit, emptyReading(0, 0));
  return record.lines;
}

test('nothing is started on a machine without nvidia-smi, and the program is looked for once', async () => {
  let searches = 0;
  const { runs, follow } = createFakeProgram();
  const findProgram = () => {
    searches++;
    return Promise.resolve(null);
  };
  const watch = createGpuWatch({ clock: createManualClock(), findProgram, follow });
  for (let i = 0; i < 3; i++) expect(await readGroup(watch)).toEqual([]);
  expect([searches, runs.length, watch.latest()]).toEqual([1, 0, null]);
});

test('one program runs on and its last lines are the values, until it has been silent for too long', async () => {
  const clock = createManualClock();
  const { runs, follow } = createFakeProgram();
  const watch = createGpuWatch({ clock, findProgram: () => Promise.resolve('/usr/bin/nvidia-smi'), follow });
  expect(await readGroup(watch)).toEqual([]);
  for (const line of OUTPUT.trim().split('\n')) runs[0]?.say(line);
  clock.advance(15_000);
  expect(await readGroup(watch)).toContain(
    'nvidia_smi_utilization_gpu_ratio{uuid=3f2a0000-1111-2222-3333-444455556666} 0.37',
  );
  expect(watch.latest()?.map(({ name }) => name)).toEqual(['NVIDIA H200', 'NVIDIA GeForce MX, Mobile']);
  expect(runs.map(({ command }) => command)).toEqual([
    '/usr/bin/nvidia-smi --query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,fan.speed' +
      ' --format=csv,noheader,nounits --loop=15',
  ]);
  clock.advance(60_000);
  expect(await readGroup(watch)).toEqual([]);
});

test('a program that ended is started again after a while, and stopped with the watch', async () => {
  const clock = createManualClock();
  const { runs, follow } = createFakeProgram();
  const watch = createGpuWatch({ clock, findProgram: () => Promise.resolve('/usr/bin/nvidia-smi'), follow });
  await readGroup(watch);
  runs[0]?.end();
  clock.advance(30_000);
  await readGroup(watch);
  expect(runs).toHaveLength(1);
  clock.advance(31_000);
  await readGroup(watch);
  expect(runs).toHaveLength(2);
  watch.close();
  expect(runs[1]?.isStopped).toBe(true);
});

test('what computes on a processor is listed with its memory', async () => {
  const output =
    'GPU-3F2A0000-1111-2222-3333-444455556666, 4242, /opt/train, v2/python, 1024\nGPU-1, 7, [Not Found], [N/A]\n';
  let asked: readonly string[] = [];
  const processes = await readGpuProcesses({
    findProgram: () => Promise.resolve('nvidia-smi'),
    run(_, args) {
      asked = args;
      return Promise.resolve(output);
    },
  });
  expect(asked[0]).toBe('--query-compute-apps=gpu_uuid,pid,process_name,used_memory');
  expect(processes).toEqual([
    {
      uuid: '3f2a0000-1111-2222-3333-444455556666',
      pid: 4242,
      name: '/opt/train, v2/python',
      memoryBytes: 1024 * 1024 * 1024,
    },
    { uuid: '1', pid: 7, name: '[Not Found]', memoryBytes: null },
  ]);
});

test('a card of AMD is read from its driver', async () => {
  const machine = createFakeMachine({
    'sys/class/drm/card0/device/gpu_busy_percent': '25\n',
    'sys/class/drm/card0/device/mem_info_vram_total': '8000\n',
    'sys/class/drm/card0/device/mem_info_vram_used': '2000\n',
    'sys/class/drm/card0/device/hwmon/hwmon3/temp1_input': '61000\n',
    'sys/class/drm/card0-HDMI-A-1/status': 'connected\n',
  });
  expect(await readOtherGpus({ platform: 'linux', root: machine.root })).toMatchObject([
    { utilizationRatio: 0.25, memoryUsedBytes: 2000, memoryTotalBytes: 8000, temperatureCelsius: 61, fanRatio: null },
  ]);
  machine.remove();
});

test('outside of Linux the list has what systeminformation finds', async () => {
  const controller = { vendor: 'Apple', model: 'Apple M4', bus: 'Built-In', vram: null, vramDynamic: true };
  const gpus = await readOtherGpus({
    platform: 'darwin',
    systemInformation: () =>
      Promise.resolve({ graphics: () => Promise.resolve({ controllers: [controller], displays: [] }) } as never),
  });
  expect(gpus).toMatchObject([{ name: 'Apple M4', utilizationRatio: null, memoryTotalBytes: null }]);
});

import { expect, test } from 'vitest';
import { createGpuGroup, emitGpus, parseNvidiaSmi, readGpus } from '../../../../electron/engine/collect/host/gpu.ts';
import { emptyReading } from '../../../../electron/engine/collect/host/raw-reading.ts';
import { recordEmits } from './fake-machine.ts';

const OUTPUT = `0, GPU-3F2A0000-1111-2222-3333-444455556666, NVIDIA H200, 37, 2048, 143771, 41, 118.25
1, GPU-aaaa0000-1111-2222-3333-444455556666, NVIDIA GeForce MX, Mobile, [N/A], [N/A], 2002, 55, [Not Supported]
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
  ]);
});

test('output that is an error message gives no card', () => {
  expect(parseNvidiaSmi('NVIDIA-SMI has failed because it could not communicate with the NVIDIA driver.\n')).toEqual(
    [],
  );
});

test('nothing is started on a machine without nvidia-smi, and the program is looked for once', async () => {
  let searches = 0;
  let starts = 0;
  const group = createGpuGroup({
    findProgram: () => {
      searches++;
      return Promise.resolve(null);
    },
    run: () => {
      starts++;
      return Promise.resolve('');
    },
  });
  const record = recordEmits();
  for (let i = 0; i < 3; i++) await group.read(record.emit, emptyReading(0, 0));
  expect([searches, starts, record.lines]).toEqual([1, 0, []]);
});

test('the query asks for the columns that the parser reads', async () => {
  let asked: readonly string[] = [];
  const group = createGpuGroup({
    findProgram: () => Promise.resolve('/usr/bin/nvidia-smi'),
    run: (file, args) => {
      asked = [file, ...args];
      return Promise.resolve(OUTPUT);
    },
  });
  const record = recordEmits();
  await group.read(record.emit, emptyReading(0, 0));
  expect(asked).toEqual([
    '/usr/bin/nvidia-smi',
    '--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw',
    '--format=csv,noheader,nounits',
  ]);
  expect(record.lines).toContain('nvidia_smi_utilization_gpu_ratio{uuid=3f2a0000-1111-2222-3333-444455556666} 0.37');
});

test('outside of Linux a machine without nvidia-smi lists what systeminformation finds', async () => {
  const controller = { vendor: 'Apple', model: 'Apple M4', bus: 'Built-In', vram: null, vramDynamic: true };
  const gpus = await readGpus({
    findProgram: () => Promise.resolve(null),
    platform: 'darwin',
    systemInformation: () =>
      Promise.resolve({ graphics: () => Promise.resolve({ controllers: [controller], displays: [] }) } as never),
  });
  expect(gpus).toMatchObject([{ name: 'Apple M4', utilizationRatio: null, memoryTotalBytes: null }]);
});

import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Emit } from './host-series.ts';
import type { HostGroup } from './host-group.ts';
import { loadSystemInformation } from './system-information.ts';
import type { SystemInformation } from './system-information.ts';

/** One graphics processor; null is what it does not tell. */
export interface GpuReading {
  readonly index: number | null;
  /** Lower case without the `GPU-` in front, as nvidia_gpu_exporter writes it. */
  readonly uuid: string;
  readonly name: string;
  readonly utilizationRatio: number | null;
  readonly memoryUsedBytes: number | null;
  readonly memoryTotalBytes: number | null;
  readonly temperatureCelsius: number | null;
  readonly powerDrawWatts: number | null;
}

/** Run a program to its end. The answer is its output; a failure is null. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>;

/** How `nvidia-smi` is found and run; a test brings its own. */
export interface GpuPrograms {
  readonly findProgram?: () => Promise<string | null>;
  readonly run?: RunProgram;
}

const NVIDIA_SMI_ARGUMENTS = [
  '--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw',
  '--format=csv,noheader,nounits',
];

const BYTES_PER_MEBIBYTE = 1024 * 1024;

/** The lines of `nvidia-smi --query-gpu=index,uuid,name,…`. A value such as `[N/A]` is null. */
export function parseNvidiaSmi(output: string): GpuReading[] {
  const gpus: GpuReading[] = [];
  for (const line of output.split('\n')) {
    const fields = line.trim().split(/\s*,\s*/);
    if (fields.length < 8) continue;
    // The name is the only field that may hold a comma, so the others are counted from the ends.
    const [index = '', uuid = ''] = fields;
    const [utilization = '', used = '', total = '', temperature = '', power = ''] = fields.slice(-5);
    gpus.push({
      index: numberOrNull(index),
      uuid: uuid.toLowerCase().replace(/^gpu-/, ''),
      name: fields.slice(2, -5).join(', '),
      utilizationRatio: scaled(utilization, 0.01),
      memoryUsedBytes: scaled(used, BYTES_PER_MEBIBYTE),
      memoryTotalBytes: scaled(total, BYTES_PER_MEBIBYTE),
      temperatureCelsius: numberOrNull(temperature),
      powerDrawWatts: numberOrNull(power),
    });
  }
  return gpus;
}

function scaled(text: string, factor: number): number | null {
  const value = numberOrNull(text);
  return value === null ? null : value * factor;
}

function numberOrNull(text: string): number | null {
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : null;
}

/** nvidia_gpu_exporter's series. */
export function emitGpus(gpus: readonly GpuReading[], emit: Emit): void {
  for (const gpu of gpus) {
    const labels = ['uuid', gpu.uuid];
    emit('nvidia_smi_gpu_info', ['index', gpu.index === null ? '' : String(gpu.index), 'name', gpu.name, ...labels], 1);
    for (const [name, value] of [
      ['nvidia_smi_utilization_gpu_ratio', gpu.utilizationRatio],
      ['nvidia_smi_memory_used_bytes', gpu.memoryUsedBytes],
      ['nvidia_smi_memory_total_bytes', gpu.memoryTotalBytes],
      ['nvidia_smi_temperature_gpu', gpu.temperatureCelsius],
      ['nvidia_smi_power_draw_watts', gpu.powerDrawWatts],
    ] as const) {
      if (value !== null) emit(name, labels, value);
    }
  }
}

/** The slow group of a machine with NVIDIA's driver; where `nvidia-smi` does not exist it gives nothing. */
export function createGpuGroup(options: GpuPrograms = {}): HostGroup {
  const { findProgram = findNvidiaSmi, run = runProgram } = options;
  let program: Promise<string | null> | null = null;
  return {
    collector: 'nvidia_smi',
    async read(emit) {
      // Looked for once: a driver does not come while the program runs.
      program ??= findProgram();
      const file = await program;
      if (file === null) return;
      const output = await run(file, NVIDIA_SMI_ARGUMENTS);
      if (output !== null) emitGpus(parseNvidiaSmi(output), emit);
    },
  };
}

/**
 * The graphics processors, for a list that someone looks at: NVIDIA's by `nvidia-smi`; without it, outside of Linux, those
 * that systeminformation finds. Starts programs.
 */
export async function readGpus(
  options: GpuPrograms & {
    readonly platform?: NodeJS.Platform;
    readonly systemInformation?: () => Promise<SystemInformation>;
  } = {},
): Promise<GpuReading[]> {
  const { findProgram = findNvidiaSmi, run = runProgram } = options;
  const file = await findProgram();
  const output = file === null ? null : await run(file, NVIDIA_SMI_ARGUMENTS);
  if (output !== null) return parseNvidiaSmi(output);
  if ((options.platform ?? process.platform) === 'linux') return [];
  return readPortableGpus(await (options.systemInformation ?? loadSystemInformation)());
}

async function readPortableGpus(systemInformation: SystemInformation): Promise<GpuReading[]> {
  const { controllers } = await systemInformation.graphics();
  return controllers.map((controller, index) => ({
    index,
    uuid: controller.pciBus ?? controller.busAddress ?? `${controller.bus}-${String(index)}`,
    name: controller.name ?? controller.model,
    utilizationRatio: controller.utilizationGpu === undefined ? null : controller.utilizationGpu / 100,
    memoryUsedBytes: controller.memoryUsed === undefined ? null : controller.memoryUsed * BYTES_PER_MEBIBYTE,
    memoryTotalBytes: mebibytesOrNull(controller.memoryTotal ?? controller.vram),
    temperatureCelsius: controller.temperatureGpu ?? null,
    powerDrawWatts: controller.powerDraw ?? null,
  }));
}

function mebibytesOrNull(mebibytes: number | null): number | null {
  return mebibytes === null ? null : mebibytes * BYTES_PER_MEBIBYTE;
}

/** The path of `nvidia-smi`, found without starting anything; null when it is not installed. */
async function findNvidiaSmi(): Promise<string | null> {
  const fileName = process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi';
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    if (directory === '') continue;
    const file = join(directory, fileName);
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const RUN_TIMEOUT_MS = 5000;

const runProgram: RunProgram = (file, args) =>
  new Promise((resolve) => {
    execFile(file, args, { timeout: RUN_TIMEOUT_MS, windowsHide: true }, (error, output) => {
      resolve(error === null ? output : null);
    });
  });

import type { Emit } from './host-series.ts';

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
  /** Of its highest speed. */
  readonly fanRatio: number | null;
}

/** What {@link parseNvidiaSmi} reads. */
export const NVIDIA_SMI_ARGUMENTS = [
  '--query-gpu=index,uuid,name,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw,fan.speed',
  '--format=csv,noheader,nounits',
];

export const BYTES_PER_MEBIBYTE = 1024 * 1024;

/** The lines of `nvidia-smi --query-gpu=index,uuid,name,…`. A value such as `[N/A]` is null. */
export function parseNvidiaSmi(output: string): GpuReading[] {
  const gpus: GpuReading[] = [];
  for (const line of output.split('\n')) {
    const fields = line.trim().split(/\s*,\s*/);
    if (fields.length < 9) continue;
    // The name is the only field that may hold a comma, so the others are counted from the ends.
    const [index = '', uuid = ''] = fields;
    const [utilization = '', used = '', total = '', temperature = '', power = '', fan = ''] = fields.slice(-6);
    gpus.push({
      index: numberOrNull(index),
      uuid: withoutPrefix(uuid),
      name: fields.slice(2, -6).join(', '),
      utilizationRatio: scaled(utilization, 0.01),
      memoryUsedBytes: scaled(used, BYTES_PER_MEBIBYTE),
      memoryTotalBytes: scaled(total, BYTES_PER_MEBIBYTE),
      temperatureCelsius: numberOrNull(temperature),
      powerDrawWatts: numberOrNull(power),
      fanRatio: scaled(fan, 0.01),
    });
  }
  return gpus;
}

function withoutPrefix(uuid: string): string {
  return uuid.toLowerCase().replace(/^gpu-/, '');
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
      ['nvidia_smi_fan_speed_ratio', gpu.fanRatio],
    ] as const) {
      if (value !== null) emit(name, labels, value);
    }
  }
}

/** A program's memory on a graphics processor. */
export interface GpuProcess {
  /** As in {@link GpuReading}. */
  readonly uuid: string;
  readonly pid: number;
  readonly name: string;
  readonly memoryBytes: number | null;
}

/** What {@link parseNvidiaProcesses} reads. */
export const NVIDIA_PROCESS_ARGUMENTS = [
  '--query-compute-apps=gpu_uuid,pid,process_name,used_memory',
  '--format=csv,noheader,nounits',
];

/** The lines of `nvidia-smi --query-compute-apps=gpu_uuid,pid,process_name,used_memory`. */
export function parseNvidiaProcesses(output: string): GpuProcess[] {
  const processes: GpuProcess[] = [];
  for (const line of output.split('\n')) {
    const fields = line.trim().split(/\s*,\s*/);
    const [uuid = '', pid = ''] = fields;
    if (fields.length < 4 || !/^\d+$/.test(pid)) continue;
    const memoryBytes = scaled(fields.at(-1) ?? '', BYTES_PER_MEBIBYTE);
    const name = fields.slice(2, -1).join(', ');
    processes.push({ uuid: withoutPrefix(uuid), pid: Number(pid), name, memoryBytes });
  }
  return processes;
}

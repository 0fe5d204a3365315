import { join } from 'node:path';
import { BYTES_PER_MEBIBYTE } from './gpu.ts';
import type { GpuReading } from './gpu.ts';
import { listDirectory, readAttribute, readNumber } from './sysfs.ts';
import { loadSystemInformation } from './system-information.ts';
import type { SystemInformation } from './system-information.ts';

/** The processors that `nvidia-smi` does not read, for a list that someone looks at: AMD's on Linux, all elsewhere. */
export async function readOtherGpus(
  options: {
    readonly platform?: NodeJS.Platform;
    readonly root?: string;
    readonly systemInformation?: () => Promise<SystemInformation>;
  } = {},
): Promise<GpuReading[]> {
  if ((options.platform ?? process.platform) === 'linux') return readSysfsGpus(`${options.root ?? '/'}/sys`);
  return readPortableGpus(await (options.systemInformation ?? loadSystemInformation)());
}

/** Cards whose driver tells its use in sysfs, as amdgpu does. Source: the kernel's Documentation/gpu/amdgpu. */
async function readSysfsGpus(sys: string): Promise<GpuReading[]> {
  const drm = join(sys, 'class/drm');
  const gpus: GpuReading[] = [];
  for (const card of await listDirectory(drm)) {
    const index = /^card(\d+)$/.exec(card)?.[1];
    const device = join(drm, card, 'device');
    const busy = index === undefined ? null : await readNumber(join(device, 'gpu_busy_percent'));
    if (index === undefined || busy === null) continue;
    const [monitor] = await listDirectory(join(device, 'hwmon'));
    const ofMonitor = (file: string) => readNumber(join(device, 'hwmon', monitor ?? '', file));
    const [millidegrees, microwatts] = [await ofMonitor('temp1_input'), await ofMonitor('power1_average')];
    gpus.push({
      index: Number(index),
      uuid: card,
      name: (await readAttribute(join(device, 'product_name'))) ?? 'AMD',
      utilizationRatio: busy / 100,
      memoryUsedBytes: await readNumber(join(device, 'mem_info_vram_used')),
      memoryTotalBytes: await readNumber(join(device, 'mem_info_vram_total')),
      temperatureCelsius: millidegrees === null ? null : millidegrees / 1000,
      powerDrawWatts: microwatts === null ? null : microwatts / 1e6,
      fanRatio: null,
    });
  }
  return gpus;
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
    fanRatio: controller.fanSpeed === undefined ? null : controller.fanSpeed / 100,
  }));
}

function mebibytesOrNull(mebibytes: number | null): number | null {
  return mebibytes === null ? null : mebibytes * BYTES_PER_MEBIBYTE;
}

import * as z from 'zod';
import { read } from './procedure.ts';

const used = z.object({ usedBytes: z.number(), totalBytes: z.number() });

/** The machine that the program runs on, now. Ratios are 0–1; null where the system does not tell. */
export const hostReadingSchema = z.object({
  at: z.number(),
  cpuRatio: z.number().nullable(),
  load1: z.number().nullable(),
  cores: z.number().int(),
  memory: used.nullable(),
  swap: used.nullable(),
  /** The fullest writable file system on a disk. */
  fullestFilesystem: used.extend({ mountpoint: z.string() }).nullable(),
  networkReceiveBytesPerSecond: z.number().nullable(),
  networkTransmitBytesPerSecond: z.number().nullable(),
  diskReadBytesPerSecond: z.number().nullable(),
  diskWriteBytesPerSecond: z.number().nullable(),
  temperatureCelsius: z.number().nullable(),
  uptimeSeconds: z.number(),
});
export type HostReading = z.infer<typeof hostReadingSchema>;

export const hostFactsSchema = z.object({
  hostname: z.string(),
  os: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  cpuModel: z.string(),
  cores: z.number().int(),
  memoryBytes: z.number(),
  bootedAt: z.number(),
});

export const hostProcessSchema = z.object({
  pid: z.number().int(),
  name: z.string(),
  /** Share of one core, so above 1 for several. */
  cpuRatio: z.number(),
  memoryBytes: z.number(),
  /** To and from disks; null where it is not known or was not asked for. */
  ioBytesPerSecond: z.number().nullable(),
  threads: z.number().int().nullable(),
  user: z.string().nullable(),
  startedAt: z.number().nullable(),
});
export type HostProcess = z.infer<typeof hostProcessSchema>;

/** One graphics processor, and what computes on it; null is what it does not tell. */
export const hostGpuSchema = z.object({
  name: z.string(),
  utilizationRatio: z.number().nullable(),
  memoryUsedBytes: z.number().nullable(),
  memoryTotalBytes: z.number().nullable(),
  temperatureCelsius: z.number().nullable(),
  powerWatts: z.number().nullable(),
  fanRatio: z.number().nullable(),
  processes: z.array(z.object({ pid: z.number().int(), name: z.string(), memoryBytes: z.number().nullable() })),
});
export type HostGpu = z.infer<typeof hostGpuSchema>;

export const hostTemperatureSchema = z.object({
  title: z.string(),
  celsius: z.number(),
  /** Where its maker says that it gets too hot. */
  criticalCelsius: z.number().nullable(),
});
export type HostTemperature = z.infer<typeof hostTemperatureSchema>;

export const host = {
  facts: read.route({ method: 'GET', path: '/host/facts', summary: 'What this machine is' }).output(hostFactsSchema),
  reading: read
    .route({ method: 'GET', path: '/host/reading', summary: 'How this machine is now' })
    .output(hostReadingSchema.nullable()),
  processes: read
    .route({ method: 'GET', path: '/host/processes', summary: 'The heaviest processes' })
    .input(
      z.object({
        by: z.enum(['cpu', 'memory', 'io']).default('cpu'),
        /** Whether to read what each moves to and from disks, which doubles the work. */
        io: z.stringbool().or(z.boolean()).default(false),
        limit: z.coerce.number().int().min(1).max(200).default(10),
      }),
    )
    .output(z.array(hostProcessSchema)),
  hardware: read
    .route({ method: 'GET', path: '/host/hardware', summary: 'Graphics processors and temperatures, read now' })
    .output(z.object({ gpus: z.array(hostGpuSchema), temperatures: z.array(hostTemperatureSchema) })),
};

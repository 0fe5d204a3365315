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
  threads: z.number().int().nullable(),
  user: z.string().nullable(),
  startedAt: z.number().nullable(),
});
export type HostProcess = z.infer<typeof hostProcessSchema>;

export const host = {
  facts: read.route({ method: 'GET', path: '/host/facts', summary: 'What this machine is' }).output(hostFactsSchema),
  reading: read
    .route({ method: 'GET', path: '/host/reading', summary: 'How this machine is now' })
    .output(hostReadingSchema.nullable()),
  processes: read
    .route({ method: 'GET', path: '/host/processes', summary: 'The heaviest processes' })
    .input(
      z.object({
        by: z.enum(['cpu', 'memory']).default('cpu'),
        limit: z.coerce.number().int().min(1).max(200).default(10),
      }),
    )
    .output(z.array(hostProcessSchema)),
};

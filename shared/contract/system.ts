import { eventIterator } from '@orpc/contract';
import * as z from 'zod';
import { stateSchema } from '../model/state.ts';
import { problemSchema, read, write } from './procedure.ts';

export const workerStatusSchema = z.object({
  name: z.enum(['metrics', 'logs']),
  state: z.enum(['starting', 'running', 'restarting', 'stopped']),
  restarts: z.number().int(),
  lastError: z.string().nullable(),
});

export const systemStatusSchema = z.object({
  version: z.string(),
  mode: z.enum(['desktop', 'headless']),
  platform: z.string(),
  startedAt: z.number(),
  now: z.number(),
  dataDirectory: z.string(),
  /** The main configuration file; null when the program runs on its defaults alone. */
  configFile: z.string().nullable(),
  configLoadedAt: z.number(),
  /** Why the last reload was refused; empty when the file on disk is what runs. */
  configProblems: z.array(problemSchema),
  configWarnings: z.array(problemSchema),
  workers: z.array(workerStatusSchema),
  /** Own cost: share of one core since the last reading, 0–1, and resident memory. */
  cpuRatio: z.number(),
  memoryBytes: z.number(),
  /** How late scheduled work starts, 99th percentile of the last minutes. */
  latenessMs: z.number(),
  worst: stateSchema,
  counts: z.object({
    up: z.number().int(),
    degraded: z.number().int(),
    down: z.number().int(),
    unknown: z.number().int(),
    maintenance: z.number().int(),
    paused: z.number().int(),
  }),
  firing: z.object({ critical: z.number().int(), warning: z.number().int(), info: z.number().int() }),
  /** Notifications are muted until then; null when they are not. */
  mutedUntil: z.number().nullable(),
  checksPaused: z.boolean(),
  /** How far this machine's own network reaches: what lies further is not judged. */
  network: z.object({ reach: z.enum(['everywhere', 'neighbours', 'nowhere']), since: z.number() }),
  store: z.object({
    series: z.number().int(),
    samplesPerSecond: z.number(),
    metricsBytes: z.number(),
    logsBytes: z.number(),
    oldestSampleAt: z.number().nullable(),
  }),
});
export type SystemStatus = z.infer<typeof systemStatusSchema>;

/** What has changed; a view that shows it asks again. */
export const changeSchema = z.object({
  topic: z.enum(['status', 'services', 'alerts', 'rules', 'config', 'host', 'settings', 'notifications']),
  at: z.number(),
});
export type Change = z.infer<typeof changeSchema>;

export const system = {
  status: read
    .route({ method: 'GET', path: '/system/status', summary: 'State, counts and cost of the whole program' })
    .output(systemStatusSchema),
  changes: read
    .route({ method: 'GET', path: '/system/changes', summary: 'A stream that names what has changed' })
    .output(eventIterator(changeSchema)),
  navigations: read
    .route({
      method: 'GET',
      path: '/system/navigations',
      summary: 'Where the desktop asks the window to go: a popup or the tray was clicked',
    })
    .output(eventIterator(z.object({ path: z.string() }))),
  reload: write
    .route({
      method: 'POST',
      path: '/system/reload',
      summary: 'Read the configuration again; a bad one changes nothing',
    })
    .output(z.object({ loadedAt: z.number() })),
  mute: write
    .route({ method: 'POST', path: '/system/mute', summary: 'Hold notifications back until a time; null ends it' })
    .input(z.object({ until: z.number().nullable() }))
    .output(z.object({ mutedUntil: z.number().nullable() })),
  pauseChecks: write
    .route({ method: 'POST', path: '/system/pause-checks', summary: 'Stop or resume all scrapes and checks' })
    .input(z.object({ paused: z.boolean() }))
    .output(z.object({ paused: z.boolean() })),
};

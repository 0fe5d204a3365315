import * as z from 'zod';
import { stateSchema } from '../model/state.ts';
import { read, write } from './procedure.ts';

/** One look at a service. */
export const beatSchema = z.object({
  at: z.number(),
  state: stateSchema,
  durationMs: z.number().nullable(),
  message: z.string().nullable(),
});
export type Beat = z.infer<typeof beatSchema>;

/** Something that is watched: a scrape target or a check. */
export const serviceSchema = z.object({
  /** Stable: `target:<job>/<instance>` or `check:<name>`. */
  id: z.string(),
  kind: z.enum(['target', 'check']),
  /** How a check asks: `http`, `tcp`, …; null for a target. */
  probe: z.string().nullable(),
  name: z.string(),
  /** The job of a target, or "checks". */
  group: z.string(),
  address: z.string(),
  state: stateSchema,
  /** Why it is not up, in words; null when it is. */
  message: z.string().nullable(),
  since: z.number().nullable(),
  lastCheckedAt: z.number().nullable(),
  intervalMs: z.number(),
  latencyMs: z.number().nullable(),
  /** Share of the known time of the last 24 h that it was up, 0–1; null while nothing is known. */
  uptime24h: z.number().nullable(),
  /** The last 40 looks, oldest first. */
  beats: z.array(beatSchema),
  labels: z.record(z.string(), z.string()),
  /** It changes again and again. */
  flapping: z.boolean(),
  /** The check that it depends on and that is down, so that nothing can be said of this one; else null. */
  unreachableBy: z.string().nullable(),
  /** The maintenance that is going on. */
  maintenance: z.object({ id: z.number().int().nullable(), name: z.string(), until: z.number() }).nullable(),
});
export type Service = z.infer<typeof serviceSchema>;

export const phasesSchema = z.object({
  resolveMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  processingMs: z.number().nullable(),
  transferMs: z.number().nullable(),
});

export const UPTIME_RANGES = ['24h', '7d', '30d', '90d'] as const;

/** How well a check did over a time. Milliseconds. */
export const uptimeSchema = z.object({
  range: z.enum(UPTIME_RANGES),
  /** up ÷ (up + down), 0–1; null while neither is known. */
  uptime: z.number().nullable(),
  upMs: z.number(),
  downMs: z.number(),
  /** Watched, but nothing could be told: behind a dead dependency, or the fault was ours. */
  unknownMs: z.number(),
  maintenanceMs: z.number(),
  /** Not watched: before it was, while the machine slept, the program was off, or checks were paused. */
  noDataMs: z.number(),
  /** Response times of good answers, true to 1 %; null without any. */
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  p99Ms: z.number().nullable(),
  /** How many good answers those are. */
  answers: z.number().int(),
});
export type Uptime = z.infer<typeof uptimeSchema>;

export const outageSchema = z.object({
  state: z.enum(['down', 'unreachable', 'unknown', 'maintenance']),
  from: z.number(),
  /** Until when it is known to have lasted. */
  until: z.number(),
  /** It goes on. */
  current: z.boolean(),
  reason: z.string().nullable(),
});
export type Outage = z.infer<typeof outageSchema>;

/** The record of a check. */
export const recordSchema = z.object({
  uptimes: z.array(uptimeSchema),
  /** Up to 100 stretches of 90 days in which it did not answer or nothing was known, newest first. */
  outages: z.array(outageSchema),
  /** Weighted share of changes among the last 21 results, in percent. */
  changePercent: z.number(),
  /** What it depends on. */
  dependencies: z.array(z.object({ id: z.string(), name: z.string(), state: stateSchema })),
});
export type CheckRecord = z.infer<typeof recordSchema>;

export const serviceDetailSchema = serviceSchema.extend({
  /** Up to 100 looks, newest first. */
  history: z.array(beatSchema.extend({ phases: phasesSchema.nullable() })),
  /** Every change of state that is still known, newest first. */
  changes: z.array(z.object({ at: z.number(), state: stateSchema, message: z.string().nullable() })),
  certificate: z
    .object({
      subject: z.string(),
      issuer: z.string(),
      expiresAt: z.number(),
      trusted: z.boolean(),
      problem: z.string().nullable(),
    })
    .nullable(),
  /** Parts of a health document that the service itself reports. */
  components: z.array(z.object({ name: z.string(), state: stateSchema, message: z.string().nullable() })),
  /** What the last look learnt besides: `httpVersion` is `1.1`. */
  details: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Of a scrape target: samples of the last scrape. */
  samplesScraped: z.number().int().nullable(),
  /** Of a check; null for a scrape target. */
  record: recordSchema.nullable(),
  /** Of a scrape target: its labels before relabelling, `__address__` and the like included. */
  discoveredLabels: z.record(z.string(), z.string()).nullable(),
  /** The PromQL selector of the series that belong to this service. */
  selector: z.string(),
  /** Its entry of the configuration, as YAML without secrets. */
  config: z.string(),
});
export type ServiceDetail = z.infer<typeof serviceDetailSchema>;

/** Where targets are looked for, and how that goes. */
export const discoverySchema = z.object({
  job: z.string(),
  kind: z.enum(['file', 'http', 'dns', 'docker']),
  /** What is asked: paths, a URL, names. */
  name: z.string(),
  /** What was found last, before relabelling. A failure changes nothing of it. */
  targets: z.number().int(),
  /** Why the last look failed, in words; null when it did not. */
  error: z.string().nullable(),
  lastSuccessAt: z.number().nullable(),
});

const byId = z.object({ id: z.string() });

export const services = {
  list: read
    .route({ method: 'GET', path: '/services', summary: 'Everything that is watched, worst first' })
    .output(z.array(serviceSchema)),
  get: read
    .route({ method: 'GET', path: '/services/detail', summary: 'One service with its history' })
    .input(byId)
    .output(serviceDetailSchema),
  discoveries: read
    .route({ method: 'GET', path: '/services/discoveries', summary: 'How finding scrape targets goes' })
    .output(
      z.object({
        discoveries: z.array(discoverySchema),
        /** Jobs of which relabelling dropped targets. */
        dropped: z.array(z.object({ job: z.string(), count: z.number().int() })),
      }),
    ),
  checkNow: write
    .route({ method: 'POST', path: '/services/check-now', summary: 'Look at a service at once' })
    .input(byId)
    .output(beatSchema),
  add: write
    .route({
      method: 'POST',
      path: '/services',
      summary: 'Watch something new: a URL or host:port, recognised by its answer',
    })
    .input(z.object({ address: z.string().min(1).max(2000), name: z.string().max(200).optional() }))
    .output(z.object({ id: z.string(), kind: z.enum(['target', 'check']) })),
  addCheck: write
    .route({ method: 'POST', path: '/services/check', summary: 'Watch something by a check of a certain kind' })
    .input(
      z.object({
        name: z.string().min(1).max(200),
        /** How it is asked: `tcp`, `dns`, …; a key of a check in the configuration. */
        kind: z.string().max(40),
        /** The mapping under that key, as the configuration writes it. */
        settings: z.record(z.string().max(60), z.union([z.string().max(4000), z.array(z.string().max(1000)).max(50)])),
        interval: z.string().max(20).optional(),
      }),
    )
    .output(z.object({ id: z.string() })),
};

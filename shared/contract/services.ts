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
});
export type Service = z.infer<typeof serviceSchema>;

export const phasesSchema = z.object({
  resolveMs: z.number().nullable(),
  connectMs: z.number().nullable(),
  tlsMs: z.number().nullable(),
  processingMs: z.number().nullable(),
  transferMs: z.number().nullable(),
});

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
  /** The PromQL selector of the series that belong to this service. */
  selector: z.string(),
  /** Its entry of the configuration, as YAML without secrets. */
  config: z.string(),
});
export type ServiceDetail = z.infer<typeof serviceDetailSchema>;

const byId = z.object({ id: z.string() });

export const services = {
  list: read
    .route({ method: 'GET', path: '/services', summary: 'Everything that is watched, worst first' })
    .output(z.array(serviceSchema)),
  get: read
    .route({ method: 'GET', path: '/services/detail', summary: 'One service with its history' })
    .input(byId)
    .output(serviceDetailSchema),
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

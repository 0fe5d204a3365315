import * as z from 'zod';
import { severitySchema } from './alerts.ts';
import { problemSchema, read, write } from './procedure.ts';

const labelRecord = z.record(z.string(), z.string());
const WEEK_MS = 7 * 86_400_000;

/** An alerting rule that is not in a file yet. */
export const ruleDraftSchema = z.object({
  name: z.string().min(1).max(200),
  expr: z.string().min(1).max(20_000),
  forMs: z.number().min(0).default(0),
  keepFiringForMs: z.number().min(0).default(0),
  labels: labelRecord.default({}),
  annotations: labelRecord.default({}),
});

const firingSchema = z.object({
  /** Since when the condition held. */
  activeAt: z.number(),
  firedAt: z.number(),
  /** null where it would still fire. */
  resolvedAt: z.number().nullable(),
});

/** What a rule would have done. */
export const triedRuleSchema = z.object({
  /** Where the look began: later than asked when the time was up. */
  from: z.number(),
  to: z.number(),
  /** Distance of the evaluations. */
  stepMs: z.number(),
  complete: z.boolean(),
  alerts: z.array(z.object({ labels: labelRecord, firings: z.array(firingSchema) })),
  /** Alerts that fired and are not listed, because there are too many. */
  hidden: z.number().int(),
  /** Label sets whose condition held, but never for long enough. */
  onlyPending: z.number().int(),
  firings: z.number().int(),
  /** How long at least one of them fired. */
  firingMs: z.number(),
});
export type TriedRule = z.infer<typeof triedRuleSchema>;

const readyRuleSchema = ruleDraftSchema.extend({
  severity: severitySchema,
  /** Whether a rule of that name and expression runs. */
  isUsed: z.boolean(),
  /** Whether its metrics are there. */
  hasMetrics: z.boolean(),
});

/** Ready rules for what one exporter tells. */
export const readyRulesSchema = z.object({
  exporter: z.string(),
  title: z.string(),
  /** Whether metrics of this exporter are in the store. */
  found: z.boolean(),
  rules: z.array(readyRuleSchema),
});
export type ReadyRules = z.infer<typeof readyRulesSchema>;

const proposalSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('for'), ms: z.number(), left: z.number().int() }),
  z.object({ kind: z.literal('keepFiringFor'), ms: z.number(), left: z.number().int() }),
  z.object({ kind: z.literal('limit'), limit: z.number(), left: z.number().int() }),
  z.object({ kind: z.literal('severity'), severity: severitySchema }),
  z.object({ kind: z.literal('group'), by: z.array(z.string()) }),
  z.object({ kind: z.literal('silence'), labels: labelRecord, left: z.number().int() }),
]);
export type NoiseProposal = z.infer<typeof proposalSchema>;

const noisyRuleSchema = z.object({
  ruleId: z.string(),
  name: z.string(),
  severity: severitySchema,
  file: z.string(),
  line: z.number().int(),
  expr: z.string(),
  forMs: z.number(),
  keepFiringForMs: z.number(),
  /** How often one of its alerts fired. */
  fired: z.number().int(),
  /** How many different alerts. */
  alerts: z.number().int(),
  /** How many ended within five minutes. */
  endedSoon: z.number().int(),
  /** How often one began again within half an hour of its end. */
  flaps: z.number().int(),
  medianMs: z.number().nullable(),
  /** Of how many firings a message arrived somewhere. */
  messages: z.number().int(),
  /** null where nobody can tell. */
  acknowledged: z.number().int().nullable(),
  reasons: z.array(z.enum(['flaps', 'short', 'ignored', 'many'])),
  proposals: z.array(proposalSchema),
});

export const noiseReportSchema = z.object({
  from: z.number(),
  to: z.number(),
  fired: z.number().int(),
  /** Rules that fired, noisy ones first. */
  rules: z.array(noisyRuleSchema),
  /** Whether older firings than these were left out, because there are too many. */
  truncated: z.boolean(),
});
export type NoiseReport = z.infer<typeof noiseReportSchema>;

export const rules = {
  tryOut: read
    .route({ method: 'POST', path: '/rules/try', summary: 'When a rule would have fired in the past' })
    .input(
      ruleDraftSchema.extend({
        from: z.number(),
        to: z.number(),
        /** The answer is about fewer days when they take longer. */
        timeoutMs: z.number().min(100).max(60_000).default(20_000),
      }),
    )
    .output(triedRuleSchema),
  check: read
    .route({ method: 'POST', path: '/rules/check', summary: 'Every problem of rules, without using them' })
    .input(z.object({ rules: z.array(ruleDraftSchema).min(1).max(100) }))
    .output(z.object({ problems: z.array(problemSchema), text: z.string() })),
  add: write
    .route({ method: 'POST', path: '/rules', summary: 'Write rules into a rule file, and use them' })
    .input(
      z.object({
        rules: z.array(ruleDraftSchema).min(1).max(100),
        group: z.string().min(1).max(200),
        /** One of the rule files of the configuration; null takes the first, or makes one. */
        file: z.string().nullable().default(null),
      }),
    )
    .output(z.object({ file: z.string() })),
  ready: read
    .route({ method: 'GET', path: '/rules/ready', summary: 'Rules that can be added, by the exporters that are found' })
    .output(z.array(readyRulesSchema)),
  noise: read
    .route({ method: 'GET', path: '/rules/noise', summary: 'Rules that cost more attention than they are worth' })
    .input(
      z
        .object({ from: z.coerce.number().optional(), to: z.coerce.number().optional() })
        .default({})
        .describe(`The last ${String(WEEK_MS / 86_400_000)} days by default`),
    )
    .output(noiseReportSchema),
};

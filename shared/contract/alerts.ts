import * as z from 'zod';
import { wireValueSchema } from '../model/columns.ts';
import { alertCare, handlingSchema } from './alert-care.ts';
import { read, write } from './procedure.ts';

export const severitySchema = z.enum(['critical', 'error', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

const labelRecord = z.record(z.string(), z.string());

export const alertSchema = z.object({
  /** Stable over restarts: made of the rule and the labels. */
  id: z.string(),
  name: z.string(),
  state: z.enum(['pending', 'firing', 'resolved']),
  severity: severitySchema,
  labels: labelRecord,
  annotations: labelRecord,
  value: wireValueSchema,
  expr: z.string(),
  /** Since when the expression holds. */
  activeAt: z.number(),
  firedAt: z.number().nullable(),
  resolvedAt: z.number().nullable(),
  /** null while it is pending and after its end. */
  handling: handlingSchema.nullable(),
});
export type Alert = z.infer<typeof alertSchema>;

export const ruleSchema = z.object({
  /** Stable: file, group and place in it. */
  id: z.string(),
  kind: z.enum(['alerting', 'recording']),
  name: z.string(),
  expr: z.string(),
  forMs: z.number(),
  labels: labelRecord,
  annotations: labelRecord,
  state: z.enum(['inactive', 'pending', 'firing']),
  health: z.enum(['ok', 'err', 'unknown']),
  lastError: z.string().nullable(),
  lastEvaluatedAt: z.number().nullable(),
  evaluationMs: z.number().nullable(),
  line: z.number().int(),
});
export type Rule = z.infer<typeof ruleSchema>;

export const ruleGroupSchema = z.object({
  name: z.string(),
  file: z.string(),
  intervalMs: z.number(),
  rules: z.array(ruleSchema),
});
export type RuleGroup = z.infer<typeof ruleGroupSchema>;

export const deliverySchema = z.object({
  at: z.number(),
  receiver: z.string(),
  channel: z.string(),
  /** What was told: the names of the alerts. */
  alerts: z.array(z.string()),
  outcome: z.enum(['delivered', 'refused', 'failed', 'retrying']),
  /** The words of the service, or why it failed. */
  message: z.string().nullable(),
});
export type Delivery = z.infer<typeof deliverySchema>;

export const alerts = {
  ...alertCare,
  active: read
    .route({ method: 'GET', path: '/alerts', summary: 'Firing and pending alerts, worst first' })
    .output(z.array(alertSchema)),
  history: read
    .route({ method: 'GET', path: '/alerts/history', summary: 'Alerts that fired in a range, resolved ones too' })
    .input(
      z.object({
        from: z.coerce.number(),
        to: z.coerce.number(),
        limit: z.coerce.number().int().min(1).max(1000).default(200),
      }),
    )
    .output(z.array(alertSchema)),
  rules: read
    .route({ method: 'GET', path: '/rules', summary: 'Rule groups with their state' })
    .output(z.array(ruleGroupSchema)),
  deliveries: read
    .route({ method: 'GET', path: '/notifications/deliveries', summary: 'What was sent where, newest first' })
    .input(
      z.object({
        limit: z.coerce.number().int().min(1).max(1000).default(100),
        /** Only what told of this alert. */
        alert: z.string().optional(),
      }),
    )
    .output(z.array(deliverySchema)),
  receivers: read
    .route({ method: 'GET', path: '/notifications/receivers', summary: 'Receivers and the kinds of their channels' })
    .output(z.array(z.object({ name: z.string(), channels: z.array(z.string()) }))),
  testReceiver: write
    .route({
      method: 'POST',
      path: '/notifications/receivers/{name}/test',
      summary: 'Send a test message through every channel of a receiver and say what became of each',
    })
    .input(z.object({ name: z.string() }))
    .output(z.array(deliverySchema)),
  testNotification: write
    .route({ method: 'POST', path: '/notifications/test', summary: 'Show a test popup and say what became of it' })
    .output(deliverySchema),
};

import * as z from 'zod';
import { read, write } from './procedure.ts';

const ids = z.array(z.string()).min(1).max(1000);
const name = z.string().max(200);
const note = z.string().max(2000);
/** Who does it; the way it came when left out. */
const by = name.optional();

/** What people and escalation did about an alert, and what holds it back. */
export const handlingSchema = z.object({
  acknowledged: z.object({ at: z.number(), by: z.string(), note: z.string() }).nullable(),
  snoozed: z.object({ at: z.number(), by: z.string(), until: z.number(), note: z.string() }).nullable(),
  escalated: z.array(z.object({ receiver: z.string(), at: z.number() })),
  /** Alerts that inhibit it. */
  inhibitedBy: z.array(z.object({ id: z.string(), name: z.string() })),
  /** Silences that hold it back. */
  silencedBy: z.array(z.object({ id: z.string(), comment: z.string(), endsAt: z.number() })),
  /** Names of time intervals that keep its route quiet. */
  mutedBy: z.array(z.string()),
  /** Quiet hours hold it back: from popups, from every channel, or not. */
  quiet: z.enum(['no', 'popups', 'all']),
  /** Who is told of it. */
  receivers: z.array(z.string()),
});
export type Handling = z.infer<typeof handlingSchema>;

/** What came of an action: the alerts that it was done to, and those that do not fire. */
const outcome = z.object({ done: z.array(z.string()), missing: z.array(z.string()) });

export const alertCare = {
  acknowledge: write
    .route({
      method: 'POST',
      path: '/alerts/acknowledge',
      summary: 'Say that someone looks after alerts that fire: no repeats and no escalation, until they end',
    })
    .input(z.object({ ids, by, note: note.default('') }))
    .output(outcome),
  unacknowledge: write
    .route({ method: 'POST', path: '/alerts/unacknowledge', summary: 'Take an acknowledgement back' })
    .input(z.object({ ids, by }))
    .output(outcome),
  snooze: write
    .route({
      method: 'POST',
      path: '/alerts/snooze',
      summary: 'Hold alerts back until a time; those that still fire then are told again',
    })
    .input(z.object({ ids, until: z.number(), by, note: note.default('') }))
    .output(outcome),
  unsnooze: write
    .route({ method: 'POST', path: '/alerts/unsnooze', summary: 'End a snooze now' })
    .input(z.object({ ids, by }))
    .output(outcome),
  routes: read
    .route({ method: 'POST', path: '/alerts/routes/test', summary: 'The receivers of an alert with these labels' })
    .input(z.object({ labels: z.record(z.string(), z.string()) }))
    .output(z.object({ receivers: z.array(z.string()), groupKeys: z.array(z.string()) })),
};

export const matcherSchema = z.object({
  name: z.string().min(1),
  operator: z.enum(['=', '!=', '=~', '!~']),
  value: z.string(),
});

export const silenceSchema = z.object({
  id: z.string(),
  state: z.enum(['pending', 'active', 'expired']),
  matchers: z.array(matcherSchema),
  startsAt: z.number(),
  endsAt: z.number(),
  updatedAt: z.number(),
  createdBy: z.string(),
  comment: z.string(),
  /** Ids of the alerts that it holds back now, or would if it were active. */
  alerts: z.array(z.string()),
});
export type WireSilence = z.infer<typeof silenceSchema>;

export const silences = {
  list: read
    .route({ method: 'GET', path: '/silences', summary: 'Silences: active, pending, and those that expired lately' })
    .output(z.array(silenceSchema)),
  preview: read
    .route({ method: 'POST', path: '/silences/preview', summary: 'The alerts that a silence would hold back' })
    .input(z.object({ matchers: z.array(matcherSchema) }))
    .output(
      z.object({
        alerts: z.array(z.object({ id: z.string(), name: z.string(), labels: z.record(z.string(), z.string()) })),
        /** Why no silence can be made of these matchers; null when one can. */
        problem: z.string().nullable(),
      }),
    ),
  set: write
    .route({
      method: 'POST',
      path: '/silences',
      summary: 'Make a silence, or change one; what it matches cannot change in place, so that gives a new one',
    })
    .input(
      z.object({
        id: z.string().nullable().default(null),
        matchers: z.array(matcherSchema).min(1),
        startsAt: z.number().nullable().default(null),
        endsAt: z.number(),
        createdBy: name.optional(),
        comment: note.default(''),
      }),
    )
    .output(z.object({ id: z.string() })),
  expire: write
    .route({ method: 'POST', path: '/silences/{id}/expire', summary: 'End a silence now' })
    .input(z.object({ id: z.string(), by }))
    .output(z.object({ id: z.string() })),
};

const span = z.object({
  from: z.coerce.number(),
  to: z.coerce.number(),
  limit: z.coerce.number().int().min(1).max(1000).default(200),
});

const severity = z.enum(['critical', 'error', 'warning', 'info']);

export const incidentSchema = z.object({
  id: z.number().int(),
  startedAt: z.number(),
  /** null while one of its alerts fires. */
  endedAt: z.number().nullable(),
  severity,
  /** Each time that an alert fired in it, in order. */
  members: z.array(
    z.object({
      alert: z.string(),
      name: z.string(),
      severity,
      summary: z.string(),
      labels: z.record(z.string(), z.string()),
      firedAt: z.number(),
      resolvedAt: z.number().nullable(),
    }),
  ),
});
export type WireIncident = z.infer<typeof incidentSchema>;

export const timelineEntrySchema = z.object({
  at: z.number(),
  kind: z.enum(['fired', 'notified', 'action', 'resolved']),
  alerts: z.array(z.string()),
  subject: z.string(),
  who: z.string(),
  what: z.string(),
  detail: z.string(),
});
export type WireTimelineEntry = z.infer<typeof timelineEntrySchema>;

export const incidents = {
  list: read
    .route({ method: 'GET', path: '/incidents', summary: 'Alerts that fired together, newest first' })
    .input(span)
    .output(z.array(incidentSchema)),
  get: read
    .route({ method: 'GET', path: '/incidents/timeline', summary: 'An incident with everything that happened in it' })
    .input(z.object({ id: z.coerce.number().int() }))
    .output(z.object({ incident: incidentSchema, timeline: z.array(timelineEntrySchema) })),
};

export const auditEntrySchema = z.object({
  id: z.number().int(),
  at: z.number(),
  who: z.string(),
  via: z.enum(['interface', 'cli', 'api', 'popup', 'engine']),
  action: z.string(),
  subject: z.string(),
  alerts: z.array(z.string()),
  detail: z.string(),
});
export type WireAuditEntry = z.infer<typeof auditEntrySchema>;

export const audit = {
  list: read
    .route({ method: 'GET', path: '/audit', summary: 'Who did what, newest first' })
    .input(span)
    .output(z.array(auditEntrySchema)),
};

import * as z from 'zod';
import type { IncomingAlert } from '../alert/route/index.ts';
import { BadRequest } from './endpoint.ts';

const labelSet = z.record(z.string(), z.string());
const postedAlerts = z.array(
  z.object({
    labels: labelSet,
    annotations: labelSet.nullish(),
    startsAt: z.string().nullish(),
    endsAt: z.string().nullish(),
    generatorURL: z.string().nullish(),
  }),
);
type PostedAlert = z.output<typeof postedAlerts>[number];

export interface ReadAlerts {
  readonly alerts: readonly IncomingAlert[];
  /** Why single ones were not taken; the others count all the same. */
  readonly problems: readonly string[];
}

/** The body of `POST /alerts`. Source: Alertmanager, api/v2. @throws BadRequest when the body has another shape */
export function readPostedAlerts(body: unknown, nowMs: number): ReadAlerts {
  const posted = postedAlerts.safeParse(body);
  if (!posted.success) {
    const [issue] = posted.error.issues;
    throw new BadRequest(`alerts${issue === undefined ? '' : `.${issue.path.join('.')}: ${issue.message}`}`);
  }
  const alerts: IncomingAlert[] = [];
  const problems: string[] = [];
  for (const one of posted.data) {
    const alert = readAlert(one, nowMs);
    if (typeof alert === 'string') problems.push(alert);
    else alerts.push(alert);
  }
  return { alerts, problems };
}

function readAlert(posted: PostedAlert, nowMs: number): IncomingAlert | string {
  const labels = withoutEmpty(posted.labels);
  if (Object.keys(labels).length === 0) return 'at least one label pair required';
  const wrong = Object.keys(labels).find((name) => name === '');
  if (wrong !== undefined) return 'invalid label set: invalid name ""';
  const [start, end] = [readTime(posted.startsAt), readTime(posted.endsAt)];
  if (Number.isNaN(start) || Number.isNaN(end)) return 'a time is not in RFC 3339';
  const startsAt = start ?? end ?? nowMs;
  if (end !== null && startsAt > end) return 'start time must be before end time';
  return {
    ruleId: '',
    labels,
    annotations: withoutEmpty(posted.annotations ?? {}),
    value: NaN,
    generatorUrl: posted.generatorURL ?? '',
    startsAt,
    endsAt: end,
  };
}

/** Null where no time is given, and for Go's zero time, which means the same; NaN for what is no time. */
function readTime(text: string | null | undefined): number | null {
  if (text === undefined || text === null || text === '' || text.startsWith('0001-01-01T00:00:00')) return null;
  return Date.parse(text);
}

function withoutEmpty(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''));
}

import * as z from 'zod';
import { silenceState, type Silences } from '../alert/route/index.ts';
import type { Matcher, MatchOperator } from '../../../shared/model/matcher.ts';
import type { Silence } from '../store/state/index.ts';
import { answer, BadRequest, refusal, type AlertmanagerReply } from './endpoint.ts';
import { flag, type Params } from './filters.ts';
import { parseMatchers } from '../config/index.ts';

const postedSilence = z.object({
  id: z.string().optional(),
  matchers: z
    .array(z.object({ name: z.string(), value: z.string(), isRegex: z.boolean(), isEqual: z.boolean().nullish() }))
    .min(1),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
});

const STATE_ORDER = { active: 0, pending: 1, expired: 2 } as const;

/** `GET /silences`: active ones first, those that end sooner before those that end later. @throws BadRequest */
export function listSilences(silences: Silences, params: Params, nowMs: number): unknown[] {
  const wanted = (params['filter'] ?? []).flatMap((text) => {
    const reading = parseMatchers(text);
    if (!reading.ok) throw new BadRequest(reading.message);
    return reading.value;
  });
  const shown = { active: flag(params, 'active'), pending: flag(params, 'pending'), expired: flag(params, 'expired') };
  return silences
    .list()
    .map((silence) => ({ silence, state: silenceState(silence, nowMs) }))
    .filter(({ silence, state }) => shown[state] && wanted.every((matcher) => concerns(silence, matcher)))
    .sort((a, b) => STATE_ORDER[a.state] - STATE_ORDER[b.state] || orderInState(a, b))
    .map(({ silence }) => wireSilence(silence, nowMs));
}

/** `POST /silences`. @throws BadRequest */
export function postSilence(silences: Silences, body: unknown): AlertmanagerReply {
  const posted = postedSilence.safeParse(body);
  if (!posted.success) {
    const [issue] = posted.error.issues;
    throw new BadRequest(`silence${issue === undefined ? '' : `.${issue.path.join('.')}: ${issue.message}`}`);
  }
  const { id, matchers, startsAt, endsAt, createdBy, comment } = posted.data;
  const [start, end] = [Date.parse(startsAt), Date.parse(endsAt)];
  if (Number.isNaN(start) || Number.isNaN(end)) throw new BadRequest('a time is not in RFC 3339');
  const outcome = silences.set({
    id: id === undefined || id === '' ? null : id,
    matchers: matchers.map(readMatcher),
    startsAt: start,
    endsAt: end,
    createdBy,
    comment,
  });
  if (outcome.ok) return answer({ silenceID: outcome.value });
  return refusal(outcome.why === 'not-found' ? 404 : 400, outcome.message);
}

export function wireSilence(silence: Silence, nowMs: number): unknown {
  const { id, matchers, startsAt, endsAt, updatedAt, createdBy, comment } = silence;
  return {
    id,
    status: { state: silenceState(silence, nowMs) },
    updatedAt: new Date(updatedAt).toISOString(),
    comment,
    createdBy,
    endsAt: new Date(endsAt).toISOString(),
    matchers: matchers.map(({ name, operator, value }) => ({
      isEqual: !operator.startsWith('!'),
      isRegex: operator.endsWith('~'),
      name,
      value,
    })),
    startsAt: new Date(startsAt).toISOString(),
  };
}

function readMatcher({ name, value, isRegex, isEqual }: z.output<typeof postedSilence>['matchers'][number]): Matcher {
  const operator: MatchOperator = (isEqual ?? true) ? (isRegex ? '=~' : '=') : isRegex ? '!~' : '!=';
  const reading = parseMatchers(`${JSON.stringify(name)}${operator}${JSON.stringify(value)}`);
  if (!reading.ok) throw new BadRequest(reading.message);
  return { name, operator, value };
}

/** A filter finds the silences that hold its matcher. Source: Alertmanager, api/v2 `CheckSilenceMatchesFilterLabels`. */
function concerns({ matchers }: Silence, { name, operator, value }: Matcher): boolean {
  return matchers.some((own) => own.name === name && own.operator === operator && own.value === value);
}

function orderInState(
  a: { readonly silence: Silence; readonly state: keyof typeof STATE_ORDER },
  b: { readonly silence: Silence },
): number {
  switch (a.state) {
    case 'active':
      return a.silence.endsAt - b.silence.endsAt;
    case 'pending':
      return a.silence.startsAt - b.silence.startsAt;
    case 'expired':
      return b.silence.endsAt - a.silence.endsAt;
  }
}

import type { EngineParts } from '../engine-parts.ts';
import { viaOf } from './caller.ts';
import { contractOf } from './implementer.ts';

/** Calls that write their own, fuller entry. */
const RECORDED: ReadonlySet<string> = new Set([
  'alerts.acknowledge',
  'alerts.unacknowledge',
  'alerts.snooze',
  'alerts.unsnooze',
  'silences.set',
  'silences.expire',
]);

/** Fields of an input that say what a call was about and hold no secret. */
const TELLING = ['name', 'id', 'ids', 'path', 'paused', 'until', 'url', 'receiver'] as const;

/** The contract to be implemented, with every call that changed something written into the audit log once it has. */
export function recordedContract({ state, clock }: Pick<EngineParts, 'state' | 'clock'>) {
  return contractOf.use(async ({ context, path, procedure, next }, input: unknown) => {
    const result = await next();
    const action = path.join('.');
    if (procedure['~orpc'].meta.access === 'write' && !RECORDED.has(action)) {
      const via = viaOf(context);
      state.audit.write({ at: clock.now(), who: via, via, action, subject: subjectOf(input), alerts: [], detail: '' });
    }
    return result;
  });
}

function subjectOf(input: unknown): string {
  if (typeof input !== 'object' || input === null) return '';
  const fields: Readonly<Record<string, unknown>> = { ...input };
  return TELLING.flatMap((name) => {
    const value = fields[name];
    if (name === 'until' && typeof value === 'number') return [new Date(value).toISOString()];
    if (Array.isArray(value)) return [value.filter((item) => typeof item === 'string').join(', ')];
    return typeof value === 'string' || typeof value === 'boolean' ? [String(value)] : [];
  }).join(' ');
}

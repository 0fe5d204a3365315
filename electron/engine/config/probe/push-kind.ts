import { createHash } from 'node:crypto';
import type { Secret } from '../configuration.ts';
import { formatDuration } from '../duration.ts';
import { resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import { convert, duration, strict, text } from '../schema/values.ts';
import { describeSecret, fileSecret, secretFrom } from '../secret.ts';
import { validate } from '../validate.ts';
import { parseCron } from './cron.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import { describeThresholds, readThresholds, thresholdShape } from './service-values.ts';

/** A job that reports by itself; when it does not, something is wrong. */
export interface PushCheckConfig {
  readonly kind: 'push';
  /** The token as its SHA-256 (lower-case hexadecimal), or where the token itself is. */
  readonly token:
    { readonly kind: 'hash'; readonly sha256: string } | { readonly kind: 'secret'; readonly secret: Secret };
  readonly schedule: PushSchedule;
  /** How long after its time a report may still come. */
  readonly graceMs: number;
  /** How long a run may take that reported its start; null sets no limit. */
  readonly maxRunMs: number | null;
  readonly thresholds: Thresholds;
}

export type PushSchedule =
  | { readonly kind: 'interval'; readonly everyMs: number }
  /** Five fields, in a time zone; null is that of this machine. */
  | { readonly kind: 'cron'; readonly expression: string; readonly timeZone: string | null };

const cron = convert(
  (value) => (parseCron(value) === null ? null : value),
  'is not a cron expression',
  'Write five fields, such as "30 3 * * mon-fri", or @hourly, @daily, @weekly, @monthly.',
);
const timeZone = convert(
  (value) => (isTimeZone(value) ? value : null),
  'is not a time zone',
  'Write it like Europe/Berlin.',
);
const sha256 = convert(
  (value) => (/^[0-9a-f]{64}$/i.test(value) ? value.toLowerCase() : null),
  'is not a SHA-256',
  'Take what `vedette push token` prints.',
);

const schema = strict({
  token: text().min(1, 'The token is empty').optional(),
  token_file: text().optional(),
  token_sha256: sha256.optional(),
  every: duration.optional(),
  cron: cron.optional(),
  timezone: timeZone.optional(),
  grace: duration.optional(),
  max_run: duration.optional(),
  ...thresholdShape,
});

export const pushKind: ProbeKind<PushCheckConfig> = {
  read(value, { place, findings, directory }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const report = (key: string, message: string, remedy: string): null => {
      findings.problems.push(problemAt(below(place, key), message, remedy, 'key'));
      return null;
    };
    const { token, token_file: file, token_sha256: hash } = raw;
    if ([token, file, hash].filter((one) => one !== undefined).length !== 1) {
      const message = 'A push check has one token.';
      return report('token', message, 'Give token_sha256 (from `vedette push token`), token or token_file.');
    }
    if (token !== undefined && secretFrom(token).kind === 'inline') {
      const remedy = `Write token_sha256: ${createHash('sha256').update(token).digest('hex')}, or a reference such as \${env:NAME}.`;
      return report('token', 'The token itself does not belong in this file.', remedy);
    }
    if ((raw.every === undefined) === (raw.cron === undefined)) {
      return report('every', 'A push check has one schedule.', 'Give either every or cron.');
    }
    if (raw.every !== undefined && raw.every < 1000) {
      return report('every', 'Reports cannot be expected more often than once a second.', 'Write 1s or more.');
    }
    return {
      kind: 'push',
      token:
        hash === undefined
          ? {
              kind: 'secret',
              secret: token === undefined ? fileSecret(resolveBeside(directory, file ?? '')) : secretFrom(token),
            }
          : { kind: 'hash', sha256: hash },
      schedule:
        raw.cron === undefined
          ? { kind: 'interval', everyMs: raw.every ?? 0 }
          : { kind: 'cron', expression: raw.cron, timeZone: raw.timezone ?? null },
      graceMs: raw.grace ?? 60_000,
      maxRunMs: raw.max_run ?? null,
      thresholds: readThresholds(raw),
    };
  },
  describe: ({ token, schedule, graceMs, maxRunMs, thresholds }) => ({
    ...(token.kind === 'hash'
      ? { token_sha256: '<secret>' }
      : { [token.secret.kind === 'file' ? 'token_file' : 'token']: describeSecret(token.secret) }),
    ...(schedule.kind === 'interval'
      ? { every: formatDuration(schedule.everyMs) }
      : { cron: schedule.expression, timezone: schedule.timeZone ?? undefined }),
    grace: formatDuration(graceMs),
    max_run: maxRunMs === null ? undefined : formatDuration(maxRunMs),
    ...describeThresholds(thresholds),
  }),
  target: ({ schedule }) => ({
    host: null,
    address: schedule.kind === 'interval' ? `every ${formatDuration(schedule.everyMs)}` : schedule.expression,
  }),
};

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

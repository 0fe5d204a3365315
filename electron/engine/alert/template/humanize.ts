import { formatFloat } from './format-float.ts';
import { formatTime, nanosecondsFromSeconds } from './go-time.ts';

/** Prometheus's `humanize…` functions. Source: Prometheus, template/template.go. */
const four = (value: number): string => formatFloat(value, 'g', 4);
const isSpecial = (value: number): boolean => !Number.isFinite(value);
const SMALL = ['m', 'u', 'n', 'p', 'f', 'a', 'z', 'y'];

/** 1234567 → `1.235M`, 0.12 → `120m`. */
export function humanize(value: number): string {
  if (value === 0 || isSpecial(value)) return four(value);
  if (Math.abs(value) >= 1) return scaleUp(value, 1000, ['k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']);
  return scaleDown(value);
}

/** 1048576 → `1Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || isSpecial(value)) return four(value);
  return scaleUp(value, 1024, ['ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']);
}

/** Seconds: 3661 → `1h 1m 1s`, 0.1 → `100ms`. */
export function humanizeDuration(seconds: number): string {
  if (isSpecial(seconds)) return four(seconds);
  if (seconds === 0) return `${four(seconds)}s`;
  if (Math.abs(seconds) < 1) return `${scaleDown(seconds)}s`;
  const sign = seconds < 0 ? '-' : '';
  const magnitude = Math.abs(seconds);
  const whole = Math.trunc(magnitude);
  const parts = {
    days: Math.floor(whole / 86_400),
    hours: Math.floor(whole / 3600) % 24,
    minutes: Math.floor(whole / 60) % 60,
    seconds: whole % 60,
  };
  const tail = `${String(parts.minutes)}m ${String(parts.seconds)}s`;
  if (parts.days > 0) return `${sign}${String(parts.days)}d ${String(parts.hours)}h ${tail}`;
  if (parts.hours > 0) return `${sign}${String(parts.hours)}h ${tail}`;
  return parts.minutes > 0 ? sign + tail : `${sign}${four(magnitude)}s`;
}

/** A ratio: 0.1234567 → `12.35%`. */
export function humanizePercentage(ratio: number): string {
  return `${four(ratio * 100)}%`;
}

/** Epoch seconds: 1435065584.128 → `2015-06-23 13:19:44.128 +0000 UTC`. */
export function humanizeTimestamp(seconds: number): string {
  if (isSpecial(seconds)) return four(seconds);
  const nanoseconds = nanosecondsFromSeconds(seconds, 'timestamp');
  return formatTime((nanoseconds / 1_000_000n) * 1_000_000n, '2006-01-02 15:04:05.999999999 -0700 MST');
}

function scaleUp(value: number, base: number, prefixes: readonly string[]): string {
  let scaled = value;
  let prefix = '';
  for (const next of prefixes) {
    if (Math.abs(scaled) < base) break;
    prefix = next;
    scaled /= base;
  }
  return four(scaled) + prefix;
}

function scaleDown(value: number): string {
  let scaled = value;
  let prefix = '';
  for (const next of SMALL) {
    if (Math.abs(scaled) >= 1) break;
    prefix = next;
    scaled *= 1000;
  }
  return four(scaled) + prefix;
}

import type { NotifiedAlert } from '../route/notification.ts';
import type { AlertSeverity } from './severity.ts';

export type Language = 'en' | 'zh-CN';

/** The words of popups in one language. */
export interface PopupWords {
  readonly severity: Readonly<Record<AlertSeverity, string>>;
  readonly title: (severity: string, name: string) => string;
  readonly value: (value: string) => string;
  readonly since: (time: string) => string;
  readonly resolvedTitle: (name: string) => string;
  readonly resolvedAfter: (duration: string) => string;
  readonly firingCount: (count: number) => string;
  readonly resolvedCount: (count: number) => string;
  readonly more: (count: number) => string;
  readonly units: { readonly day: string; readonly hour: string; readonly minute: string; readonly second: string };
  readonly acknowledge: string;
  readonly snooze: string;
  readonly open: string;
  readonly testTitle: string;
  readonly testBody: string;
}

export const POPUP_WORDS: Readonly<Record<Language, PopupWords>> = {
  en: {
    severity: { critical: 'Critical', error: 'Error', warning: 'Warning', info: 'Info', alert: 'Alert' },
    title: (severity, name) => `${severity}: ${name}`,
    value: (value) => `value ${value}`,
    since: (time) => `since ${time}`,
    resolvedTitle: (name) => `Resolved: ${name}`,
    resolvedAfter: (duration) => `Resolved after ${duration}`,
    firingCount: (count) => `${String(count)} ${count === 1 ? 'alert' : 'alerts'} firing`,
    resolvedCount: (count) => `${String(count)} ${count === 1 ? 'alert' : 'alerts'} resolved`,
    more: (count) => `and ${String(count)} more`,
    units: { day: ' d', hour: ' h', minute: ' min', second: ' s' },
    acknowledge: 'Acknowledge',
    snooze: 'Snooze 1 h',
    open: 'Open',
    testTitle: 'Test: notifications work',
    testBody: 'This is how Vedette tells you about an alert.',
  },
  'zh-CN': {
    severity: { critical: '严重', error: '错误', warning: '警告', info: '提示', alert: '告警' },
    title: (severity, name) => `${severity}：${name}`,
    value: (value) => `当前值 ${value}`,
    since: (time) => `自 ${time} 起`,
    resolvedTitle: (name) => `已恢复：${name}`,
    resolvedAfter: (duration) => `持续 ${duration} 后恢复`,
    firingCount: (count) => `${String(count)} 条告警触发`,
    resolvedCount: (count) => `${String(count)} 条告警恢复`,
    more: (count) => `另有 ${String(count)} 条`,
    units: { day: ' 天', hour: ' 小时', minute: ' 分', second: ' 秒' },
    acknowledge: '确认',
    snooze: '暂停 1 小时',
    open: '打开',
    testTitle: '测试：通知可用',
    testBody: 'Vedette 会这样通知告警。',
  },
};

export const SEPARATOR = ' · ';

/** `4 min 12 s`: the two greatest units. */
export function durationText(ms: number, { units }: PopupWords): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), units.day],
    [Math.floor(seconds / 3600) % 24, units.hour],
    [Math.floor(seconds / 60) % 60, units.minute],
    [seconds % 60, units.second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return `0${units.second}`;
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${String(count)}${unit}`)
    .join(' ');
}

/** The time of day, with the date (`2026-11-21`, which Canada writes) when that was another day. */
export function sinceText(atMs: number, nowMs: number, language: Language, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone };
  const day = new Intl.DateTimeFormat('en-CA', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  const time = new Intl.DateTimeFormat(language, { ...zone, hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }); // prettier-ignore
  const clockText = time.format(new Date(atMs));
  return day.format(new Date(atMs)) === day.format(new Date(nowMs))
    ? clockText
    : `${day.format(new Date(atMs))} ${clockText}`;
}

/** A value as people read it: at most four significant digits. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  return String(Number(value.toPrecision(4)));
}

export function alertName(alert: NotifiedAlert): string {
  return plainText(alert.labels['alertname'] ?? Object.values(alert.labels)[0] ?? '');
}

/** What happened, in the words of the rule's author: in Chinese where the rule has them (`summary_zh`). */
export function summaryOf(alert: NotifiedAlert, language: Language): string {
  const names = ['summary', 'description', 'message'];
  const wanted = language === 'zh-CN' ? [...names.map((name) => `${name}_zh`), ...names] : names;
  const words = wanted.map((name) => alert.annotations[name] ?? '').find((text) => text.trim() !== '');
  return plainText(words ?? alert.labels['instance'] ?? '');
}

const MAX_LENGTH = 500;

/** Text without control characters and direction marks, on one line, of a length that popups can take. */
export function plainText(text: string): string {
  const clean = text
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\u2028\u2029]+/gu, ' ')
    .replace(/ {2,}/g, ' ')
    .trim();
  const characters = Array.from(clean);
  return characters.length <= MAX_LENGTH ? clean : `${characters.slice(0, MAX_LENGTH - 1).join('')}…`;
}

import { stringify } from 'yaml';
import type { NumberRange, TimeInterval } from '../schedule/time-interval.ts';
import type { ChannelConfig, NotifyConfig, RouteConfig } from './configuration.ts';
import { describeAs } from './describe-http-client.ts';
import { describeMatcher } from './describe-matcher.ts';
import { prune, type Described } from './described.ts';
import { formatDuration } from './duration.ts';
import { OWN_CHANNELS } from './schema/alertmanager-schema.ts';
import { hidden } from './show-url.ts';
import { WEEKDAYS } from './read-time-intervals.ts';

/** The section `alertmanager` as its file would say it. */
export function describeNotify(config: NotifyConfig): Described {
  return {
    global: { resolve_timeout: formatDuration(config.resolveTimeoutMs) },
    route: describeRoute(config.route),
    receivers: config.receivers.map((receiver) => ({
      name: receiver.name,
      ...describeChannels(receiver.channels),
    })),
    inhibit_rules: config.inhibitRules.map((rule) => ({
      source_matchers: rule.sourceMatchers.map(describeMatcher),
      target_matchers: rule.targetMatchers.map(describeMatcher),
      equal: rule.equal,
    })),
    time_intervals: Object.entries(config.timeIntervals).map(([name, intervals]) => ({
      name,
      time_intervals: intervals.map(describeInterval),
    })),
  };
}

function describeRoute(route: RouteConfig): Described {
  return {
    receiver: route.receiver,
    group_by: route.groupBy,
    group_wait: formatDuration(route.groupWaitMs),
    group_interval: formatDuration(route.groupIntervalMs),
    repeat_interval: formatDuration(route.repeatIntervalMs),
    matchers: route.matchers.map(describeMatcher),
    mute_time_intervals: route.muteTimeIntervals,
    active_time_intervals: route.activeTimeIntervals,
    continue: route.continue ? true : undefined,
    routes: route.routes.map(describeRoute),
    escalate: route.escalate?.map(({ afterMs, receiver }) => ({ after: formatDuration(afterMs), receiver })),
  };
}

function describeChannels(channels: readonly ChannelConfig[]): Record<string, Described> {
  const byKind = Object.groupBy(
    channels,
    (channel) => `${channel.kind === 'unsupported' ? channel.name : channel.kind}_configs`,
  );
  return Object.fromEntries(Object.entries(byKind).map(([key, list]) => [key, (list ?? []).map(describeChannel)]));
}

function describeChannel(channel: ChannelConfig): Described {
  switch (channel.kind) {
    case 'desktop':
      return { send_resolved: channel.sendResolved, min_severity: channel.minSeverity };
    case 'webhook':
      return {
        ...describeAs('url', channel.url),
        send_resolved: channel.sendResolved,
        min_severity: channel.minSeverity,
        max_alerts: channel.maxAlerts,
        headers: hidden(channel.headers),
      };
    case 'unsupported':
      return { send_resolved: '<not supported>' };
    default:
      return {
        send_resolved: channel.sendResolved,
        min_severity: channel.minSeverity,
        timeout: channel.timeoutMs === null ? undefined : formatDuration(channel.timeoutMs),
        ...Object.fromEntries(
          Object.entries(channel.secrets).flatMap(([key, one]) => Object.entries(describeAs(key, one))),
        ),
        ...(describeOptions(channel.options) as Record<string, Described>),
      };
  }
}

/** Durations of the options are milliseconds by now; the schema's other values are texts, numbers, lists and mappings. */
function describeOptions(value: unknown, key = ''): Described {
  if (Array.isArray(value)) return value.map((entry) => describeOptions(entry));
  if (typeof value === 'number') return DURATION_OPTIONS.has(key) ? formatDuration(value) : value;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, describeOptions(entry, name)]));
}

const DURATION_OPTIONS: ReadonlySet<string> = new Set(['retry', 'expire', 'ttl', 'timeout']);

function describeInterval({ times, weekdays, daysOfMonth, months, years, location }: TimeInterval): Described {
  return {
    times: times.map(({ start, end }) => ({ start_time: clockText(start), end_time: clockText(end) })),
    weekdays: weekdays.map((range) => rangeText(range, (day) => WEEKDAYS[day] ?? '')),
    days_of_month: daysOfMonth.map((range) => rangeText(range, String)),
    months: months.map((range) => rangeText(range, String)),
    years: years.map((range) => rangeText(range, String)),
    location,
  };
}

function rangeText({ begin, end }: NumberRange, name: (value: number) => string): string {
  return begin === end ? name(begin) : `${name(begin)}:${name(end)}`;
}

function clockText(minuteOfDay: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minuteOfDay / 60))}:${two(minuteOfDay % 60)}`;
}

/**
 * The section as YAML for Alertmanager's own tools: without secrets, and without the channels that only exist here.
 * Where a URL is kept back they still want one.
 */
export function notifyText(config: NotifyConfig): string {
  const section = prune(describeNotify(config)) as { readonly receivers?: readonly Record<string, Described>[] };
  const receivers = section.receivers?.map((receiver) =>
    Object.fromEntries(Object.entries(receiver).filter(([key]) => !HIDDEN_CHANNELS.has(key))),
  );
  const text = stringify(withoutOwnKeys({ ...section, receivers }), { lineWidth: 0 });
  return text.replaceAll(/(\burl: )(?:<secret>|\$\{.*\})$/gm, '$1https://hidden.invalid/');
}

const OWN_KEYS: ReadonlySet<string> = new Set(['escalate', 'min_severity']);

/** Keys that Alertmanager would refuse, left out at every depth. */
function withoutOwnKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutOwnKeys);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !OWN_KEYS.has(key));
  return Object.fromEntries(entries.map(([key, entry]) => [key, withoutOwnKeys(entry)]));
}

const HIDDEN_CHANNELS: ReadonlySet<string> = new Set(['desktop', ...OWN_CHANNELS].map((kind) => `${kind}_configs`));

import { userInfo } from 'node:os';
import type { WireSilence } from '../../shared/contract/alert-care.ts';
import type { Alert } from '../../shared/contract/alerts.ts';
import type { Matcher } from '../../shared/model/matcher.ts';
import { parseDuration, parseMatchers } from '../engine/config/index.ts';
import { compileMatchers } from '../engine/alert/route/index.ts';
import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';

/** What every command of `vedette alerts` runs with. */
export interface AlertsPorts {
  readonly instance: Instance;
  readonly output: Output;
  readonly json: boolean;
  readonly now: () => number;
}

export interface ActionOptions {
  /** Who does it; the name of the user without it. */
  readonly author?: string;
  readonly comment?: string;
}

/** A list of matchers as amtool takes them: `alertname=foo`, `severity=~"c.*"`; a bare word is an alert's name. */
export function readMatchers(
  texts: readonly string[],
): { ok: true; value: Matcher[] } | { ok: false; message: string } {
  const matchers: Matcher[] = [];
  for (const [index, text] of texts.entries()) {
    const isName = index === 0 && !/[=!~{]/.test(text);
    const reading = parseMatchers(isName ? `alertname=${JSON.stringify(text)}` : text);
    if (!reading.ok) return { ok: false, message: reading.message };
    matchers.push(...reading.value);
  }
  return { ok: true, value: matchers };
}

/** `vedette alerts list`: what waits and fires; exit code 1 while something fires that nobody holds. */
export async function alertsListCommand(ports: AlertsPorts, filter: readonly string[]): Promise<ExitCode> {
  const { instance, output, json } = ports;
  const matchers = readMatchers(filter);
  if (!matchers.ok) return wrongUse(output, matchers.message);
  const accepts = compileMatchers(matchers.value);
  const alerts = (await instance.client.alerts.active()).filter(({ labels }) => accepts(labels));
  if (json) output.out(`${JSON.stringify(alerts, null, 2)}\n`);
  else if (alerts.length === 0) output.out('No alert is active.\n');
  else {
    const rows = alerts.map((alert) => [
      alert.id,
      alert.name,
      alert.severity,
      new Date(alert.firedAt ?? alert.activeAt).toISOString(),
      alert.annotations['summary'] ?? '',
      stateOf(alert, ports.now()),
    ]);
    output.out(`${formatTable([['ID', 'Alertname', 'Severity', 'Starts At', 'Summary', 'State'], ...rows])}\n`);
  }
  return alerts.some((alert) => alert.state === 'firing' && stateOf(alert, ports.now()) === 'active') ? 1 : 0;
}

function stateOf({ state, handling }: Alert, now: number): string {
  if (state !== 'firing') return state;
  if (handling === null) return 'active';
  const { acknowledged, snoozed, silencedBy, inhibitedBy, mutedBy } = handling;
  const words = [
    acknowledged === null ? '' : `acknowledged by ${acknowledged.by}`,
    snoozed === null || snoozed.until <= now ? '' : `snoozed until ${new Date(snoozed.until).toISOString()}`,
    silencedBy.length > 0 ? 'silenced' : '',
    inhibitedBy.length > 0 ? `inhibited by ${inhibitedBy.map(({ name }) => name).join(', ')}` : '',
    mutedBy.length > 0 ? `muted by ${mutedBy.join(', ')}` : '',
  ].filter((word) => word !== '');
  return words.length === 0 ? 'active' : words.join(', ');
}

export type AlertAction =
  | { readonly kind: 'acknowledge' | 'unacknowledge' | 'unsnooze' }
  | { readonly kind: 'snooze'; readonly duration: string };

/** `vedette alerts ack|unack|snooze|unsnooze ID…`; exit code 1 when one of them does not fire. */
export async function alertActionCommand(
  ports: AlertsPorts,
  action: AlertAction,
  ids: readonly string[],
  options: ActionOptions,
): Promise<ExitCode> {
  const { instance, output, json } = ports;
  const { alerts } = instance.client;
  const about = { ids: [...ids], by: options.author ?? userInfo().username };
  const note = options.comment ?? '';
  const run = async () => {
    switch (action.kind) {
      case 'acknowledge':
        return alerts.acknowledge({ ...about, note });
      case 'unacknowledge':
        return alerts.unacknowledge(about);
      case 'unsnooze':
        return alerts.unsnooze(about);
      case 'snooze': {
        const durationMs = parseDuration(action.duration);
        if (durationMs === null || durationMs <= 0) return null;
        return alerts.snooze({ ...about, note, until: ports.now() + durationMs });
      }
    }
  };
  const outcome = await run();
  if (outcome === null) return wrongUse(output, 'Write a duration above 0, such as 1h or 30m.');
  if (json) output.out(`${JSON.stringify(outcome, null, 2)}\n`);
  else {
    for (const id of outcome.done) output.out(`${id}\n`);
    for (const id of outcome.missing) output.err(`No alert "${id}" fires.\n`);
  }
  return outcome.missing.length === 0 ? 0 : 1;
}

export interface SilenceAddOptions extends ActionOptions {
  readonly duration: string;
}

/** `vedette alerts silence add MATCHER…`: prints the id, as amtool does. */
export async function silenceAddCommand(
  ports: AlertsPorts,
  texts: readonly string[],
  options: SilenceAddOptions,
): Promise<ExitCode> {
  const { instance, output, json } = ports;
  const matchers = readMatchers(texts);
  if (!matchers.ok) return wrongUse(output, matchers.message);
  const durationMs = parseDuration(options.duration);
  if (durationMs === null || durationMs <= 0) return wrongUse(output, 'Write a duration above 0, such as 1h or 30m.');
  const { id } = await instance.client.silences.set({
    matchers: matchers.value,
    endsAt: ports.now() + durationMs,
    createdBy: options.author ?? userInfo().username,
    comment: options.comment ?? '',
  });
  output.out(json ? `${JSON.stringify({ id })}\n` : `${id}\n`);
  return 0;
}

/** `vedette alerts silence list`: active and pending ones; with `expired`, those that ended. */
export async function silenceListCommand(ports: AlertsPorts, expired: boolean): Promise<ExitCode> {
  const { instance, output, json } = ports;
  const silences = (await instance.client.silences.list()).filter(({ state }) => (state === 'expired') === expired);
  if (json) output.out(`${JSON.stringify(silences, null, 2)}\n`);
  else if (silences.length === 0) output.out('There is no silence.\n');
  else {
    const rows = silences.map((silence) => [
      silence.id,
      matchersText(silence),
      new Date(silence.endsAt).toISOString(),
      silence.createdBy,
      silence.comment,
    ]);
    output.out(`${formatTable([['ID', 'Matchers', 'Ends At', 'Created By', 'Comment'], ...rows])}\n`);
  }
  return 0;
}

function matchersText({ matchers }: WireSilence): string {
  return matchers.map(({ name, operator, value }) => `${name}${operator}${JSON.stringify(value)}`).join(' ');
}

/** `vedette alerts silence expire ID…`. */
export async function silenceExpireCommand(
  { instance, output }: AlertsPorts,
  ids: readonly string[],
  options: ActionOptions,
): Promise<ExitCode> {
  for (const id of ids) {
    await instance.client.silences.expire({ id, by: options.author ?? userInfo().username });
    output.out(`${id}\n`);
  }
  return 0;
}

/** `vedette alerts incidents` and `vedette alerts audit`, over a span that ends now. */
export async function alertHistoryCommand(
  ports: AlertsPorts,
  kind: 'incidents' | 'audit',
  since: string,
): Promise<ExitCode> {
  const { instance, output, json } = ports;
  const spanMs = parseDuration(since);
  if (spanMs === null || spanMs <= 0) return wrongUse(output, 'Write a duration above 0, such as 7d.');
  const range = { from: ports.now() - spanMs, to: ports.now(), limit: 1000 };
  const time = (at: number | null): string => (at === null ? 'now' : new Date(at).toISOString());
  if (kind === 'audit') {
    const entries = await instance.client.audit.list(range);
    const rows = entries.map(({ at, who, via, action, subject, detail }) => [
      time(at),
      who,
      via,
      action,
      subject,
      detail,
    ]);
    if (json) output.out(`${JSON.stringify(entries, null, 2)}\n`);
    else output.out(`${formatTable([['At', 'Who', 'Via', 'Action', 'What', 'Detail'], ...rows])}\n`);
    return 0;
  }
  const incidents = await instance.client.incidents.list(range);
  const rows = incidents.map(({ id, startedAt, endedAt, severity, members }) => {
    const names = [...new Set(members.map(({ name }) => name))].join(', ');
    return [String(id), time(startedAt), time(endedAt), severity, names];
  });
  if (json) output.out(`${JSON.stringify(incidents, null, 2)}\n`);
  else output.out(`${formatTable([['ID', 'Began', 'Ended', 'Severity', 'Alerts'], ...rows])}\n`);
  return 0;
}

export function wrongUse(output: Output, message: string): 2 {
  output.err(`vedette alerts: ${message}\n`);
  return 2;
}

import type { ChannelConfig, NotifyConfig, ReceiverConfig, SeverityLevel } from './configuration.ts';
import { checkChannelCredentials, checkGlobalCredentials } from './channel-credentials.ts';
import { CHANNEL_SCHEMAS, type ChannelKind } from './channels/channel-schemas.ts';
import { readChannel } from './channels/read-channel.ts';
import { resolveBeside } from './file-pattern.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { readInhibitRule, readRootRoute } from './read-route.ts';
import { readTimeIntervals } from './read-time-intervals.ts';
import {
  alertmanagerSection,
  desktopChannel,
  OTHER_CHANNELS,
  OWN_CHANNELS,
  receiverEntry,
  webhookChannel,
} from './schema/alertmanager-schema.ts';
import type { RawReceiver, RawWebhook } from './schema/alertmanager-schema.ts';
import { isWebUrl } from './schema/values.ts';
import { fileSecret, secretFrom } from './secret.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

/** Source: Alertmanager manual, `global.resolve_timeout`. */
const RESOLVE_TIMEOUT_MS = 300_000;

/**
 * What to do with alerts where no `alertmanager` is configured: a popup for each alert name.
 *
 * Half a second of waiting gathers the alerts of one evaluation into one popup and still shows it within a second; then
 * news of the group is shown every 15 s at most. An alert that stays is said again after four hours.
 */
export const DEFAULT_NOTIFY: NotifyConfig = {
  resolveTimeoutMs: RESOLVE_TIMEOUT_MS,
  route: {
    receiver: 'desktop',
    groupBy: ['alertname'],
    groupWaitMs: 500,
    groupIntervalMs: 15_000,
    repeatIntervalMs: 4 * 3_600_000,
    matchers: [],
    muteTimeIntervals: [],
    activeTimeIntervals: [],
    continue: false,
    routes: [],
  },
  receivers: [{ name: 'desktop', channels: [{ kind: 'desktop', sendResolved: true }] }],
  inhibitRules: [],
  timeIntervals: {},
  templates: [],
};

/**
 * Read an Alertmanager configuration, in place or a file of its own.
 *
 * @param directory of the file, for the paths in it
 * @returns null when it is wrong, with the problems in the findings
 */
export function readNotify(
  value: PlainValue,
  place: Place,
  directory: string,
  findings: Findings,
): NotifyConfig | null {
  const before = findings.problems.length;
  const raw = validate(alertmanagerSection, value ?? {}, place, findings);
  if (raw === undefined) return null;
  const global = raw.global ?? {};
  checkGlobalCredentials(global, below(place, 'global'), findings);
  const receivers = readReceivers(raw.receivers ?? [], global, below(place, 'receivers'), directory, findings);
  const timeIntervals = readTimeIntervals(raw, place, findings);
  const names = {
    receivers: new Set(receivers.map((receiver) => receiver.name)),
    timeIntervals: new Set(Object.keys(timeIntervals)),
  };
  const route = readRootRoute(raw.route as PlainValue | undefined, below(place, 'route'), names, findings);
  const inhibitRules = (raw.inhibit_rules ?? []).map((rule, index) =>
    readInhibitRule(rule as PlainValue, below(place, 'inhibit_rules', index), findings),
  );
  warnUnused(raw, place, receivers, findings);
  if (route === null || findings.problems.length > before) return null;
  return {
    resolveTimeoutMs: raw.global?.resolve_timeout ?? RESOLVE_TIMEOUT_MS,
    route,
    receivers,
    inhibitRules: inhibitRules.filter((rule) => rule !== null),
    timeIntervals,
    templates: (raw.templates ?? []).map((path) => resolveBeside(directory, path)),
  };
}

function readReceivers(
  entries: readonly unknown[],
  global: Readonly<Record<string, unknown>>,
  place: Place,
  directory: string,
  findings: Findings,
): ReceiverConfig[] {
  const seen = new Set<string>();
  return entries.flatMap((entry, index) => {
    const at = below(place, index);
    const raw = validate(receiverEntry, entry as PlainValue, at, findings);
    if (raw === undefined) return [];
    if (raw.name === '') findings.problems.push(problemAt(below(at, 'name'), 'missing name in receiver.', 'Name it.'));
    if (seen.has(raw.name)) {
      const message = `notification config name "${raw.name}" is not unique.`;
      findings.problems.push(problemAt(below(at, 'name'), message, 'Give each receiver a name of its own.'));
    }
    seen.add(raw.name);
    const label = raw.labels?.['name'];
    if (label !== undefined && label !== raw.name) {
      const message = `receiver label "name" must match receiver name "${raw.name}", got "${label}".`;
      findings.problems.push(problemAt(below(at, 'labels', 'name'), message, 'Remove the label.'));
    }
    return [{ name: raw.name, channels: readChannels(raw, global, at, directory, findings) }];
  });
}

function readChannels(
  raw: RawReceiver,
  global: Readonly<Record<string, unknown>>,
  place: Place,
  directory: string,
  findings: Findings,
): ChannelConfig[] {
  const channels: ChannelConfig[] = [];
  for (const [index, entry] of (raw.desktop_configs ?? []).entries()) {
    const at = below(place, 'desktop_configs', index);
    const channel = validate(desktopChannel, entry as PlainValue, at, findings);
    if (channel === undefined) continue;
    channels.push({ kind: 'desktop', sendResolved: channel.send_resolved ?? true, ...leastSeverity(channel) });
  }
  for (const [index, entry] of (raw.webhook_configs ?? []).entries()) {
    const at = below(place, 'webhook_configs', index);
    const channel = validate(webhookChannel, entry as PlainValue, at, findings);
    if (channel !== undefined) channels.push(...webhook(channel, at, directory, findings));
  }
  for (const kind of [...OTHER_CHANNELS, ...OWN_CHANNELS]) {
    const entries = raw[`${kind}_configs`] ?? [];
    for (const [index, entry] of entries.entries()) {
      const at = below(place, `${kind}_configs`, index);
      if (entry === null) {
        findings.problems.push(problemAt(at, `missing ${kind} config.`, 'Fill the entry, or remove it.'));
        continue;
      }
      checkChannelCredentials(kind, isMapping(entry) ? entry : {}, global, at, findings);
      if (isSent(kind)) {
        const channel = readChannel(kind, entry as PlainValue, global, at, directory, findings);
        if (channel !== null) channels.push(channel);
        continue;
      }
      channels.push({ kind: 'unsupported', name: kind });
      const message = `Receiver "${raw.name}": nothing can be sent through ${kind} yet.`;
      findings.warnings.push(problemAt(at, message, 'Add webhook_configs or desktop_configs to be told.'));
    }
  }
  return channels;
}

function webhook(raw: RawWebhook, place: Place, directory: string, findings: Findings): ChannelConfig[] {
  const { url, url_file: file } = raw;
  if ((url === undefined) === (file === undefined)) {
    const message =
      url === undefined
        ? 'one of url or url_file must be configured.'
        : 'at most one of url & url_file must be configured.';
    findings.problems.push(problemAt(place, message, 'Give the address with "url".'));
    return [];
  }
  const secret = url === undefined ? fileSecret(resolveBeside(directory, file ?? '')) : secretFrom(url);
  if (url !== undefined && secret.kind === 'inline' && !isWebUrl(url)) {
    // The address itself may hold a token, so it is not repeated.
    const message = 'The address is not a URL with http or https and a host.';
    findings.problems.push(problemAt(below(place, 'url'), message, 'Write it like https://host:port/path.'));
  }
  for (const key of ['timeout', 'payload'] as const) {
    if (raw[key] === undefined) continue;
    const message = `"${key}" has no effect yet.`;
    findings.warnings.push(problemAt(below(place, key), message, "Alertmanager's own form is sent.", 'key'));
  }
  for (const key of Object.keys(raw.http_config ?? {})) {
    if (key === 'http_headers') continue;
    const at = below(place, 'http_config', key);
    findings.warnings.push(
      problemAt(at, `"${key}" has no effect yet.`, 'Give what the server needs with "headers".', 'key'),
    );
  }
  const fromHttpConfig = Object.entries(raw.http_config?.http_headers ?? {}).flatMap(([name, header]) =>
    header.values === undefined ? [] : [[name, header.values.join(', ')] as const],
  );
  return [
    {
      kind: 'webhook',
      url: secret,
      sendResolved: raw.send_resolved ?? true,
      maxAlerts: raw.max_alerts ?? 0,
      headers: { ...Object.fromEntries(fromHttpConfig), ...raw.headers },
      ...leastSeverity(raw),
    },
  ];
}

function leastSeverity(raw: { readonly min_severity?: SeverityLevel | undefined }): {
  readonly minSeverity?: SeverityLevel;
} {
  return raw.min_severity === undefined ? {} : { minSeverity: raw.min_severity };
}

interface RawUnused {
  readonly tracing?: unknown;
}

function warnUnused(raw: RawUnused, place: Place, receivers: readonly ReceiverConfig[], findings: Findings): void {
  const unused = {
    tracing: 'No traces are sent.',
  } as const;
  for (const [key, instead] of Object.entries(unused)) {
    if (raw[key as keyof typeof unused] === undefined) continue;
    findings.warnings.push(problemAt(below(place, key), `"${key}" has no effect yet.`, instead, 'key'));
  }
  const hasDesktop = receivers.some((receiver) => receiver.channels.some((channel) => channel.kind === 'desktop'));
  if (hasDesktop || receivers.length === 0) return;
  findings.warnings.push(
    problemAt(
      below(place, 'receivers'),
      'No receiver has desktop_configs, so no popup is shown.',
      'Add "desktop_configs: [{}]" to a receiver to see popups.',
      'key',
    ),
  );
}

function isSent(kind: string): kind is ChannelKind {
  return Object.hasOwn(CHANNEL_SCHEMAS, kind);
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { z } from 'zod';
import { parseDuration, formatDuration } from '../duration.ts';
import type { Problem } from '../problem.ts';
import { isPlainMap, readYaml } from '../yaml-source.ts';
import type { PlainMap, PlainValue } from '../yaml-source.ts';
import { recogniseHealthcheck } from './recognise-healthcheck.ts';
import type { CheckSettings, RecognisedCheck } from './recognise-healthcheck.ts';
import { splitCommand, withoutShellHabits } from './split-command.ts';

/** A health check of a compose file as a check. */
export interface ImportedCheck {
  /** As it stands in the list `checks`. */
  readonly entry: CheckSettings & { readonly name: string };
  /** What the owner has to see to. */
  readonly notes: readonly string[];
}

export type ImportedCompose =
  | { readonly ok: true; readonly checks: readonly ImportedCheck[]; readonly notes: readonly string[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

const healthcheck = z.object({
  test: z.union([z.string(), z.array(z.string())]).nullish(),
  interval: z.string().nullish(),
  timeout: z.string().nullish(),
  retries: z.string().nullish(),
  start_period: z.string().nullish(),
  disable: z.string().nullish(),
});

/**
 * Translate the health checks of a compose file. A command that is known becomes a check that asks the same over the
 * network; any other runs in its container, as Docker itself would run it.
 *
 * @param path of the file, as `docker compose -f` is to find it
 * Source: Compose Specification, `healthcheck`, `ports`.
 */
export function importCompose(text: string, path: string): ImportedCompose {
  const reading = readYaml(text, path);
  if (!reading.ok) return reading;
  const root = reading.source.value;
  const services = isPlainMap(root) ? root['services'] : undefined;
  if (!isPlainMap(services ?? null)) {
    const message = 'The file has no services.';
    return { ok: false, problems: [{ ...reading.source.at([]), path: '', message, remedy: 'Name a compose file.' }] };
  }
  const checks: ImportedCheck[] = [];
  const notes: string[] = [];
  for (const [name, service] of Object.entries(services as PlainMap)) {
    if (!isPlainMap(service)) continue;
    const given = service['healthcheck'];
    if (given === undefined) {
      notes.push(`The service "${name}" has no health check.`);
      continue;
    }
    const read = healthcheck.safeParse(given);
    if (!read.success) {
      notes.push(`The health check of "${name}" is not one of Compose's form.`);
      continue;
    }
    const imported = importOne(name, read.data, services as PlainMap, path);
    if (imported === null) notes.push(`The health check of "${name}" is switched off.`);
    else checks.push(imported);
  }
  return { ok: true, checks, notes };
}

function importOne(
  service: string,
  check: z.output<typeof healthcheck>,
  services: PlainMap,
  path: string,
): ImportedCheck | null {
  const command = commandOf(check.test ?? null);
  if (command === null || check.disable === 'true') return null;
  const recognised = recognise(command, service, services);
  const { probe, notes } = recognised ?? inContainer(command, service, path);
  // Compose's own defaults. Source: Dockerfile reference, HEALTHCHECK.
  const intervalMs = Math.max(1000, parseGoDuration(check.interval ?? '30s'));
  const timeoutMs = Math.min(intervalMs, Math.max(1000, parseGoDuration(check.timeout ?? '30s')));
  const patience = patienceOf(check, intervalMs);
  const entry = {
    name: service,
    interval: formatDuration(intervalMs),
    timeout: formatDuration(timeoutMs),
    ...patience.settings,
    ...probe,
  };
  return { entry, notes: [...notes, ...patience.notes] };
}

/**
 * How many failures it takes. Compose does not count those of the first time after a start; when a container starts is
 * not seen from outside, so that enough of them must fit into that time, as far apart as Compose asks.
 */
function patienceOf(
  { retries, start_period: startPeriod }: z.output<typeof healthcheck>,
  intervalMs: number,
): { readonly settings: CheckSettings; readonly notes: readonly string[] } {
  // Three is Compose's own default.
  const failures = Math.min(MOST_FAILURES, Math.max(1, /^\d+$/.test(retries ?? '') ? Number(retries) : 3));
  const startMs = parseGoDuration(startPeriod ?? '0s');
  const duringStart = Math.min(MOST_FAILURES, Math.ceil(startMs / intervalMs));
  if (duringStart <= failures) return { settings: { failures_before_down: failures }, notes: [] };
  const after = `It is down after ${String(duringStart)} failures, so that its start (${formatDuration(startMs)}) is none.`;
  const settings = { failures_before_down: duringStart, retry_interval: formatDuration(intervalMs) };
  return { settings, notes: [after] };
}
/** The most that `failures_before_down` takes. */
const MOST_FAILURES = 999;

type Command =
  { readonly kind: 'words'; readonly words: readonly string[] } | { readonly kind: 'shell'; readonly text: string };

/** @returns null for a check that is switched off */
function commandOf(test: string | readonly string[] | null): Command | null {
  if (test === null) return null;
  // `$$` stands for a dollar sign, as a single one is Compose's own.
  const plain = (text: string): string => text.replaceAll('$$', '$');
  if (typeof test === 'string') return { kind: 'shell', text: plain(test) };
  const [form, ...words] = test;
  switch (form) {
    case 'CMD':
      return { kind: 'words', words: words.map(plain) };
    case 'CMD-SHELL':
      return { kind: 'shell', text: plain(words.join(' ')) };
    default:
      return null;
  }
}

function recognise(command: Command, service: string, services: PlainMap): RecognisedCheck | null {
  const words = command.kind === 'words' ? command.words : splitCommand(withoutShellHabits(command.text));
  if (words === null) return null;
  return recogniseHealthcheck(words, {
    locate: (host, port) => locate(host, port, service, services),
    secretName: (what) => `${service.toUpperCase().replaceAll(/\W/g, '_')}_${what}`,
  });
}

/** As Docker runs it: in the container, where its tools and names are. */
function inContainer(command: Command, service: string, path: string): RecognisedCheck {
  const words = command.kind === 'words' ? command.words : ['sh', '-c', command.text];
  const run = ['docker', 'compose', '-f', path, 'exec', '-T', service, ...words];
  return {
    probe: { command: { run, result: 'exit-code' } },
    notes: ['It runs in the container, through the command docker, which this machine needs.'],
  };
}

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]', '0.0.0.0'];

/** What is `localhost` in a container is reached from here by the port that it publishes. */
function locate(
  host: string,
  port: number,
  service: string,
  services: PlainMap,
): { readonly address: string; readonly note: string | null } {
  const name = LOOPBACK.includes(host) ? service : host;
  const meant = services[name];
  if (!isPlainMap(meant ?? null)) return { address: `${host}:${String(port)}`, note: null };
  const { ports = [], network_mode: network } = meant as PlainMap;
  const published = network === 'host' ? `localhost:${String(port)}` : publishedAt(ports, port);
  if (published !== null) return { address: published, note: null };
  const note = `The file does not publish port ${String(port)} of "${name}": publish it, or correct the address.`;
  return { address: `localhost:${String(port)}`, note };
}

/** Source: Compose Specification, `ports`: `[host:]published:target[/protocol]`, or a mapping. */
function publishedAt(ports: PlainValue, port: number): string | null {
  for (const one of Array.isArray(ports) ? (ports as readonly PlainValue[]) : []) {
    if (isPlainMap(one)) {
      if (one['target'] !== String(port) || typeof one['published'] !== 'string') continue;
      return `${reachable(typeof one['host_ip'] === 'string' ? one['host_ip'] : '')}:${one['published']}`;
    }
    const [, ip = '', published, target] =
      /^(?:(.+):)?(\d+):(\d+)(?:\/tcp)?$/.exec(typeof one === 'string' ? one : '') ?? [];
    if (target === String(port) && published !== undefined) return `${reachable(ip)}:${published}`;
  }
  return null;
}

function reachable(ip: string): string {
  return ip === '' || ip === '0.0.0.0' || ip === '::' ? 'localhost' : ip;
}

/** Compose writes durations as Go does: `1m30s`, `1.5s`. 0 for what is none. */
function parseGoDuration(text: string): number {
  const plain = parseDuration(text);
  if (plain !== null) return plain;
  const units: Readonly<Record<string, number>> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1, us: 0.001 };
  let ms = 0;
  for (const [, amount, unit = ''] of text.matchAll(/([\d.]+)(h|ms|us|m|s)/g))
    ms += Number(amount) * (units[unit] ?? 0);
  return Number.isFinite(ms) ? Math.round(ms) : 0;
}

import { probeOfModule } from '../../config/index.ts';
import type { HttpCheckConfig, ProbeConfig, ProbeModule, TcpCheckConfig } from '../../config/index.ts';
import { createProbe } from './create-probe.ts';
import type { ProbePorts, ProbeResult, ProbeSample } from './probe.ts';

/** A request to `/probe`, as blackbox_exporter's has it. */
export interface ProbeQuestion {
  readonly params: URLSearchParams;
  /** Of the header X-Prometheus-Scrape-Timeout-Seconds; null without it. */
  readonly scrapeTimeoutSeconds: string | null;
}

export interface ProbeReply {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const DEFAULT_MODULE = 'http_2xx';
/** What the answer needs to get back before the scrape gives up. Source: blackbox_exporter, `--timeout-offset`. */
const OFFSET_MS = 500;
const LONGEST_MS = 120_000;

/** Ask a target as a module says, once, and give the result as blackbox_exporter does. */
export async function answerProbe(
  { params, scrapeTimeoutSeconds }: ProbeQuestion,
  modules: readonly ProbeModule[],
  ports: ProbePorts,
  signal: AbortSignal,
): Promise<ProbeReply> {
  const refuse = (body: string, status = 400): ProbeReply => ({ status, contentType: PLAIN, body: `${body}\n` });
  // Go takes an empty parameter for a missing one.
  const param = (name: string): string | null => {
    const value = params.get(name);
    return value === '' ? null : value;
  };
  const name = param('module') ?? DEFAULT_MODULE;
  const module = modules.find((one) => one.name === name);
  if (module === undefined) return refuse(`Unknown module ${JSON.stringify(name)}`);
  const timeoutMs = timeoutOf(scrapeTimeoutSeconds, module.timeoutMs);
  if (timeoutMs === null) return refuse('Failed to parse timeout from Prometheus header', 500);
  const target = param('target');
  if (target === null) return refuse('Target parameter is missing');
  const asked = probeOfModule(module, target);
  if (asked === null) return refuse(`${JSON.stringify(target)} is not a target for ${name}`);
  const hostname = param('hostname');
  const probe = createProbe(hostname === null ? asked : withHostname(asked, hostname), timeoutMs, ports);
  const limit = new AbortController();
  const cancel = ports.clock.after(timeoutMs, () => {
    limit.abort(new DOMException('the probe took too long', 'TimeoutError'));
  });
  try {
    const result = await probe.run(AbortSignal.any([signal, limit.signal]));
    return { status: 200, contentType: EXPOSITION, body: formatSamples(samplesOf(result)) };
  } finally {
    cancel();
    probe.close?.();
  }
}

const PLAIN = 'text/plain; charset=utf-8';
const EXPOSITION = 'text/plain; version=0.0.4; charset=utf-8';

/** The shorter of what the module and the scrape allow, in milliseconds. */
function timeoutOf(header: string | null, moduleMs: number | null): number | null {
  const seconds = header === null || header === '' ? 0 : Number(header);
  if (Number.isNaN(seconds)) return null;
  const scrapeMs = (seconds === 0 ? LONGEST_MS : seconds * 1000) - OFFSET_MS;
  const own = moduleMs !== null && moduleMs > 0 ? moduleMs : null;
  return scrapeMs > 0 ? Math.min(scrapeMs, own ?? scrapeMs) : (own ?? LONGEST_MS);
}

/** The name that is asked for at an address. */
function withHostname(probe: ProbeConfig, hostname: string): ProbeConfig {
  switch (probe.kind) {
    case 'http':
      return {
        ...probe,
        headers: { ...probe.headers, Host: hostname },
        tls: { ...probe.tls, serverName: probe.tls.serverName ?? hostname },
      } satisfies HttpCheckConfig;
    case 'tcp':
      return {
        ...probe,
        tls: { ...probe.tls, serverName: probe.tls.serverName ?? hostname },
      } satisfies TcpCheckConfig;
    default:
      return probe;
  }
}

/** Whoever asks here asks for success or failure: where nothing is known, there was no success. */
function samplesOf({ samples }: ProbeResult): readonly ProbeSample[] {
  if (samples.some(({ name }) => name === 'probe_success')) return samples;
  return [{ name: 'probe_success', labels: {}, value: 0 }, ...samples];
}

/** Source: Prometheus, exposition formats, text format 0.0.4. */
function formatSamples(samples: readonly ProbeSample[]): string {
  const byName = Map.groupBy(samples, ({ name }) => name);
  const lines: string[] = [];
  for (const name of [...byName.keys()].toSorted()) {
    lines.push(`# TYPE ${name} gauge`);
    for (const { labels, value } of byName.get(name) ?? []) lines.push(`${name}${formatSet(labels)} ${format(value)}`);
  }
  return `${lines.join('\n')}\n`;
}

function formatSet(labels: ProbeSample['labels']): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escape(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

function escape(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

function format(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  return Number.isFinite(value) ? String(value) : value > 0 ? '+Inf' : '-Inf';
}

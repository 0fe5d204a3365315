import { readFile } from 'node:fs/promises';
import type { Finding } from '../../../shared/contract/config.ts';
import type { DiscoveredLog, DiscoveredService, SuggestedProbe } from '../collect/discover/discovery.ts';
import {
  addProbe,
  addLogSource,
  addScrapeTarget,
  type Configuration,
  type EditedText,
  PROBE_KIND_NAMES,
  probeTarget,
  saveConfiguration,
} from '../config/index.ts';
import type { EngineParts } from '../engine-parts.ts';
import { contractOf, wireProblem } from './implementer.ts';

type Found = DiscoveredService | DiscoveredLog;

export function discoveryCalls(parts: EngineParts) {
  const { discovery } = contractOf;
  const { configuration } = parts;
  /** What the last scan found, so that "watch" means what was seen. */
  let found = new Map<string, Found>();

  async function scan(signal: AbortSignal | undefined): Promise<readonly Found[]> {
    const ownPort = parts.ownPort();
    const excludePorts = ownPort === 0 ? [] : [ownPort];
    const { services, logs } = await parts.metrics().discover({ excludePorts }, signal === undefined ? {} : { signal });
    const all: Found[] = [...services, ...logs];
    found = new Map(all.map((one) => [one.id, one]));
    return all;
  }

  return {
    scan: discovery.scan.handler(async ({ signal }) => {
      const all = await scan(signal);
      return all.map((one) => finding(one, configuration.current()));
    }),
    watch: discovery.watch.handler(async ({ input, signal, errors }) => {
      if (input.ids.some((id) => !found.has(id))) await scan(signal);
      const { file } = configuration.current();
      if (file === null)
        throw errors.UNAVAILABLE({ message: 'The program runs without a configuration file to add to.' });
      const previous = await readFile(file, 'utf8');
      let text = previous;
      let added = 0;
      for (const id of input.ids) {
        const one = found.get(id);
        if (one === undefined) throw errors.NOT_FOUND({ message: `${id} is not there any more.` });
        if (finding(one, configuration.current()).watched) continue;
        const edited = addTo(text, one);
        if (edited === null) continue;
        if (!edited.ok) throw errors.BAD_CONFIG({ data: { problems: edited.problems.map(wireProblem) } });
        if (edited.text !== text) added += 1;
        text = edited.text;
      }
      if (text !== previous) {
        const saved = await saveConfiguration(file, text, previous);
        if (!saved.ok) throw errors.CONFLICT({ message: saved.message });
        const problems = await configuration.reload();
        if (problems.length > 0) throw errors.BAD_CONFIG({ data: { problems: problems.map(wireProblem) } });
      }
      return { added };
    }),
  };
}

/** Null when watching it would add nothing. */
function addTo(text: string, one: Found): EditedText | null {
  if (one.kind === 'log') {
    return addLogSource(text, { name: logName(one), type: one.logType, files: [one.path] });
  }
  const { scrape, check } = one.suggestion;
  if (scrape !== undefined) return addScrapeTarget(text, scrape);
  const probe = probeFor(one);
  return check === undefined || probe === null ? null : addProbe(text, { name: check.name, ...probe });
}

/** The best of the suggested probes that there is a kind for. */
function probeFor({ suggestion }: DiscoveredService): SuggestedProbe | null {
  return suggestion.check?.probes.find(({ kind }) => PROBE_KIND_NAMES.some((known) => known === kind)) ?? null;
}

function logName({ title, path }: DiscoveredLog): string {
  return (title || path)
    .replace(/[^\p{L}\p{N}._-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
    .toLowerCase();
}

function finding(one: Found, configuration: Configuration): Finding {
  if (one.kind === 'log') {
    return {
      id: one.id,
      kind: 'log',
      title: one.title,
      address: one.path,
      owner: null,
      evidence: `${one.fileCount} ${one.fileCount === 1 ? 'file' : 'files'}, ${Math.ceil(one.sizeBytes / 1024)} KiB`,
      adds: 'log',
      watched: configuration.logs.some((source) => source.files.includes(one.path)),
    };
  }
  const { scrape } = one.suggestion;
  return {
    id: one.id,
    kind: KINDS[one.kind],
    title: one.title,
    address: one.port === 0 ? one.address : `${one.address}:${one.port}`,
    owner: one.process?.name ?? null,
    evidence: one.evidence,
    adds: scrape !== undefined ? 'scrape' : probeFor(one) !== null ? 'check' : 'none',
    watched: isWatched(one, configuration),
  };
}

const KINDS: Readonly<Record<DiscoveredService['kind'], Finding['kind']>> = {
  exporter: 'exporter',
  health: 'health',
  http: 'http',
  https: 'http',
  nginx: 'http',
  rabbitmq: 'http',
  redis: 'database',
  postgresql: 'database',
  mysql: 'database',
  mongodb: 'database',
  memcached: 'database',
  elasticsearch: 'database',
  mqtt: 'other',
  mail: 'other',
  docker: 'other',
  container: 'other',
  unknown: 'other',
};

function isWatched({ suggestion, port }: DiscoveredService, configuration: Configuration): boolean {
  const { scrape, check } = suggestion;
  if (scrape !== undefined) {
    const path = scrape.path;
    return configuration.scrapeConfigs.some(
      (job) =>
        job.metricsPath === path &&
        job.staticConfigs.some(({ targets }) => targets.some((target) => isLocalPort(target, port))),
    );
  }
  return configuration.checks.some(
    ({ probe }) =>
      check?.probes.some(({ kind, entry }) => {
        if (kind !== probe.kind) return false;
        const { address } = probeTarget(probe);
        // Other kinds name what they ask by a URL, a container, a program.
        return 'address' in entry ? isLocalPort(address, port) : Object.values(entry).includes(address);
      }) ?? false,
  );
}

function isLocalPort(target: string, port: number): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\]):(\d+)$/.exec(target)?.[2] === String(port);
}

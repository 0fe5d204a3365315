import { renameSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../electron/engine/schedule/index.ts';
import { startServer, type LocalServer } from '../doubles/http-server.ts';
import { startPrometheus, type Exporter } from '../services/start-exporter.ts';
import { makeWorkplace, startVedette, type Vedette, type Workplace } from '../services/vedette.ts';

/** The same configuration in Debian's Prometheus and here, against the same exporters. */

const EXPOSITION = `# TYPE requests_total counter
requests_total{code="200",method="GET",Host="A"} 12
requests_total{code="500",method="POST",Host="B"} 3
# TYPE temperature gauge
temperature{job="inner",instance="sensor",exported_job="deep",zone="North"} 21.5
go_goroutines 8
tmp_debug{secret="x"} 1
dated 4 1600000000000
`;

let [prometheus, vedette]: [Exporter | undefined, Vedette | undefined] = [undefined, undefined];
let [place, servers]: [Workplace, LocalServer[]] = [makeWorkplace(), []];
let file = '';
let groups: { targets: string[]; labels?: Record<string, string> }[] = [];

function configuration([a, b, c]: readonly string[], discovery: string): string {
  return `
global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1h, external_labels: {site: lab}}
scrape_configs:
  - job_name: static
    params: {module: [one, two]}
    static_configs:
      - {targets: ['${a}', '${b}'], labels: {env: Prod, __meta_team_name: core, __meta_team_city: here, tmp_label: x}}
      - {targets: ['${c}'], labels: {env: dev, same: Prod}}
    relabel_configs:
      - {action: labelmap, regex: '__meta_team_(.+)', replacement: 'team_\${1}'}
      - {source_labels: [__address__], target_label: __param_target}
      - {source_labels: [__address__], modulus: 7, target_label: __tmp_hash, action: hashmod}
      - {source_labels: [__tmp_hash], target_label: shard}
      - {source_labels: [env], target_label: env_lower, action: lowercase}
      - {source_labels: [env], target_label: env_upper, action: uppercase}
      - {source_labels: [__address__, env], separator: '@', regex: '(.+):(\\d+)@(?P<stage>.+)', target_label: where, replacement: '\${stage}-$2'}
      - {source_labels: [__scheme__], regex: 'https?', target_label: __metrics_path__, replacement: /custom}
      - {action: labeldrop, regex: 'tmp_.*'}
      - {source_labels: [env], regex: dev, action: drop}
  - job_name: honoring
    honor_labels: true
    honor_timestamps: false
    static_configs: [{targets: ['${a}'], labels: {zone: outer, added: 'yes'}}]
    metric_relabel_configs:
      - {source_labels: [__name__], regex: 'tmp_.*|go_.*', action: drop}
      - {source_labels: [__name__, code], regex: 'requests_total;5..', target_label: __name__, replacement: failed_total}
      - {source_labels: [Host], action: lowercase, target_label: host}
      - {regex: Host, action: labeldrop}
  - job_name: files
    file_sd_configs: [{files: ['${file}'], refresh_interval: 1s}]
    relabel_configs:
      - {source_labels: [wanted], action: keepequal, target_label: given}
      - {source_labels: [__meta_filepath], regex: '.*/([^/]+)\\.json', target_label: source}
  - job_name: web
    http_sd_configs: [{url: '${discovery}/targets', refresh_interval: 1s}]
    relabel_configs:
      - {source_labels: [same], target_label: other, action: dropequal}
      - {regex: 'job|instance|__.*|rack', action: labelkeep}
      - {source_labels: [__meta_url], regex: '.*/(.*)', target_label: list}
  - job_name: limited
    sample_limit: 3
    static_configs: [{targets: ['${a}']}]
  - job_name: wide
    label_limit: 4
    static_configs: [{targets: ['${a}']}]
`;
}

beforeAll(async () => {
  const expose = (): Promise<LocalServer> =>
    startServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4' }).end(EXPOSITION);
    });
  servers = await Promise.all([expose(), expose(), expose()]);
  const addresses = servers.map(({ address }) => address);
  const [a = '', b = '', c = ''] = addresses;
  const discovery = await startServer((_, response) => {
    const list = [
      { targets: [a, b], labels: { rack: 'r1', same: 'x' } },
      { targets: [c], labels: { same: 'y', other: 'y' } },
    ];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list));
  });
  servers.push(discovery);
  place = makeWorkplace();
  file = place.path('found.json');
  groups = [
    { targets: [a, b], labels: { wanted: '1', given: '1' } },
    { targets: [c], labels: { wanted: '2' } },
  ];
  writeGroups();
  const text = configuration(addresses, discovery.url);
  place.write('prometheus.yml', text);
  prometheus = await startPrometheus(text);
  vedette = await startVedette({ workplace: place });
}, 60_000);
afterAll(async () => {
  await vedette?.stop();
  await prometheus?.stop();
  for (const server of servers) await server.close();
  place.remove();
});

function writeGroups(): void {
  renameSync(place.write('found.tmp', JSON.stringify(groups)), file);
}

interface Targets {
  readonly activeTargets: readonly Readonly<Record<string, unknown>>[];
  readonly droppedTargets: readonly { readonly discoveredLabels: Readonly<Record<string, string>> }[];
}

async function ask(which: 'theirs' | 'ours', path: string): Promise<unknown> {
  const url = which === 'ours' ? vedette?.url : `http://${prometheus?.address ?? ''}`;
  const response = await fetch(`${url ?? ''}/api/v1/${path}`);
  return ((await response.json()) as { readonly data: unknown }).data;
}

const JOBS = /^(static|honoring|files|web|limited|wide)$/;

/** What both must agree on: no times, no wording of errors. */
async function targetsOf(which: 'theirs' | 'ours'): Promise<{ readonly active: string[]; readonly dropped: string[] }> {
  const { activeTargets, droppedTargets } = (await ask(which, 'targets')) as Targets;
  const active = activeTargets
    .filter(({ scrapePool }) => JOBS.test(String(scrapePool)))
    .map(({ scrapePool, labels, discoveredLabels, scrapeUrl, health, scrapeInterval, scrapeTimeout }) =>
      stable({
        ...{ scrapePool, labels, scrapeUrl, health, scrapeInterval, scrapeTimeout },
        // Where relabelling removes labels, version 2.42 shows some that it made as if they had been found.
        ...(scrapePool === 'static' || scrapePool === 'web' ? {} : { discoveredLabels }),
      }),
    );
  return {
    active: active.sort(),
    dropped: droppedTargets.map(({ discoveredLabels }) => discoveredLabels['__address__'] ?? '').sort(),
  };
}

async function seriesOf(which: 'theirs' | 'ours'): Promise<string[]> {
  const match = encodeURIComponent('{job=~"static|honoring|files|web|limited|wide|inner"}');
  const start = String(systemClock.now() / 1000 - 300);
  const series = (await ask(which, `series?match[]=${match}&start=${start}`)) as readonly unknown[];
  return series.map(stable).sort();
}

async function upOf(which: 'theirs' | 'ours'): Promise<string[]> {
  const expr = encodeURIComponent('up{job=~"static|honoring|files|web|limited|wide"}');
  const { result } = (await ask(which, `query?query=${expr}`)) as {
    readonly result: readonly { readonly metric: unknown; readonly value: readonly [number, string] }[];
  };
  return result.map(({ metric, value }) => `${stable(metric)} ${value[1]}`).sort();
}

function stable(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** Read both until they agree; then, or when time is over, the last reading is compared. */
async function bothAgree<T>(
  read: (which: 'theirs' | 'ours') => Promise<T>,
  isComplete: (theirs: T) => boolean,
): Promise<T> {
  for (let attempts = 0; ; attempts++) {
    const [theirs, ours] = [await read('theirs'), await read('ours')];
    const isOver = attempts >= 100;
    if ((isComplete(theirs) && stable(theirs) === stable(ours)) || isOver) {
      expect(ours).toEqual(theirs);
      return theirs;
    }
    await new Promise<void>((resolve) => systemClock.after(200, resolve));
  }
}

describe('beside Prometheus, with the same configuration', () => {
  it('has the same targets, the dropped ones included', async () => {
    const { active, dropped } = await bothAgree(
      targetsOf,
      ({ active }) => active.length === 9 && active.every((one) => !one.includes('"health":"unknown"')),
    );
    expect([active.length, dropped.length]).toEqual([9, 3]);
  });

  it('writes the same series', async () => {
    const series = await bothAgree(seriesOf, (theirs) => theirs.length === 79);
    expect(series.some((one) => one.includes('failed_total'))).toBe(true);
  });

  it('says of the same targets that they are up', async () => {
    const up = await bothAgree(upOf, (theirs) => theirs.length === 9);
    expect(up.filter((one) => one.endsWith(' 0'))).toHaveLength(2);
  });

  it('follows a file that changes, and marks the end of what went', async () => {
    groups = groups.slice(1).map((group) => ({ ...group, labels: { wanted: '2', given: '2' } }));
    writeGroups();
    const isNew = (theirs: readonly string[]): boolean =>
      theirs.filter((one) => one.includes('"job":"files"')).length === 1;
    await bothAgree(upOf, isNew);
  });
});

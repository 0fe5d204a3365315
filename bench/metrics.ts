/**
 * Metrics beside Prometheus and VictoriaMetrics (Debian's packages): 27 queries over HTTP, bytes per sample, scraping,
 * memory, and how cost grows. All sides run in one go on one machine; what counts are the ratios.
 *
 *   npm run bench:metrics -- --tools FOLDER [--hours 24] [--work FOLDER] [--only queries,scraping,growth]
 *
 * FOLDER holds `dataset.mjs`, `queries.mjs` and `exposition-server.mjs`. `--work` keeps the filled stores for another run;
 * `--hours 2` takes a few minutes in all, growth a quarter of an hour; `--match` takes the questions or rows that a pattern
 * finds. Bars: each query at most 1.0 times Prometheus and their geometric mean at most 0.5;
 * 1.2 bytes a sample; samples per CPU second at least Prometheus's; memory grown by at most 1.5 times what Prometheus's
 * grows; its peak during the queries below Prometheus's; a start within a second.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fill, type Filled, sizeOf } from './metrics/fill.ts';
import { growth, type GrowthPlan } from './metrics/growth.ts';
import { answer, type Answered, questions, warmUpClient } from './metrics/questions.ts';
import { scrapeAll } from './metrics/scraping.ts';
import { type Engine, ENGINES, type Server, startServer } from './metrics/servers.ts';
import { geometricMean, ratio, table } from './metrics/table.ts';
import { loadTools } from './metrics/tools.ts';

/**
 * Longer intervals bound the time and the disk that the long histories take: 100,000 series at 15 s for 15 days would be
 * 8.6 G samples. What follows the history is scraped at 15 s in every row.
 */
const GROWTH: readonly GrowthPlan[] = [
  { series: 1000, hours: 1, intervalSeconds: 15 },
  { series: 10_000, hours: 1, intervalSeconds: 15 },
  { series: 100_000, hours: 1, intervalSeconds: 15 },
  { series: 1000, hours: 24, intervalSeconds: 15 },
  { series: 10_000, hours: 24, intervalSeconds: 30 },
  { series: 100_000, hours: 24, intervalSeconds: 300 },
  { series: 1000, hours: 360, intervalSeconds: 60 },
  { series: 10_000, hours: 360, intervalSeconds: 600 },
  { series: 100_000, hours: 360, intervalSeconds: 3600 },
];

const { values: options } = parseArgs({
  options: {
    tools: { type: 'string' },
    hours: { type: 'string', default: '24' },
    work: { type: 'string' },
    only: { type: 'string', default: 'queries,scraping,growth' },
    match: { type: 'string', default: '' },
    engines: { type: 'string', default: ENGINES.join() },
    runs: { type: 'string', default: '10' },
    'budget-seconds': { type: 'string', default: '6' },
    'scrape-seconds': { type: 'string' },
  },
});
if (options.tools === undefined) {
  console.error('bench:metrics: name the folder of dataset.mjs and queries.mjs with --tools.');
  process.exit(2);
}
const tools = await loadTools(options.tools);
const hours = Number(options.hours);
const engines = ENGINES.filter((engine) => options.engines.split(',').includes(engine));
const workFolder = options.work === undefined ? mkdtempSync(join(tmpdir(), 'vedette-bench-')) : resolve(options.work);
mkdirSync(workFolder, { recursive: true });
const started: Server[] = [];
try {
  for (const part of options.only.split(',')) {
    console.log(`\n## ${part} (load average ${loadavg()[0]?.toFixed(1) ?? '?'})\n`);
    if (part === 'queries') await measureQueries();
    else if (part === 'scraping') await measureScraping();
    else if (part === 'growth') await measureGrowth();
    else throw new Error(`no part is named "${part}"`);
  }
} finally {
  for (const server of started) await server.stop();
  if (options.work === undefined) rmSync(workFolder, { recursive: true, force: true });
}

async function measureQueries(): Promise<void> {
  const filled = new Map<Engine, Filled>();
  for (const engine of engines) filled.set(engine, await fill(engine, tools, hours, workFolder));
  const rows: string[][] = [];
  for (const [engine, { folder, samples, seconds }] of filled) {
    const sizeBytes = sizeOf(engine, folder);
    const before = performance.now();
    const server = await startServer(engine, folder);
    const startMs = performance.now() - before;
    started.push(server);
    rows.push([
      engine,
      `${(samples / 1e6).toFixed(2)} M`,
      (sizeBytes / samples).toFixed(3),
      seconds === null ? 'kept' : `${(samples / seconds / 1000).toFixed(0)} k`,
      `${startMs.toFixed(0)} ms`,
      `${server.memory().nowMb.toFixed(0)} MB`,
    ]);
  }
  console.log(table(['store', 'samples', 'bytes/sample', 'filled, samples/s', 'process start', 'memory'], rows));
  await askAll();
}

async function askAll(): Promise<void> {
  const pattern = new RegExp(options.match);
  const all = questions(tools, hours).filter(({ label }) => pattern.test(label));
  await warmUpClient();
  for (const server of started) server.resetPeak();
  const answers = new Map<Engine, Answered[]>(started.map(({ engine }) => [engine, []]));
  const rows: string[][] = [];
  for (const question of all) {
    const row = [question.label];
    for (const server of started) {
      const one = await answer(server, question, Number(options.runs), Number(options['budget-seconds']) * 1000);
      answers.get(server.engine)?.push(one);
      row.push(one.medianMs.toFixed(1), one.cpuMs.toFixed(0));
    }
    const last = (engine: Engine): number => answers.get(engine)?.at(-1)?.medianMs ?? NaN;
    for (const engine of engines.slice(1)) row.push(ratio(last('vedette'), last(engine)));
    row.push(String(answers.get('vedette')?.at(-1)?.runs ?? ''));
    rows.push(row);
    process.stderr.write(`${row.join('  ')}\n`);
  }
  const ratiosTo = (engine: Engine): number[] =>
    (answers.get(engine) ?? []).map(({ medianMs }, i) => (answers.get('vedette')?.[i]?.medianMs ?? NaN) / medianMs);
  const others = engines.slice(1);
  const blanks = started.flatMap(() => ['', '']);
  rows.push(['geometric mean', ...blanks, ...others.map((engine) => ratio(geometricMean(ratiosTo(engine)), 1))]);
  rows.push(['slowest', ...blanks, ...others.map((engine) => ratio(Math.max(...ratiosTo(engine)), 1))]);
  const head = ['query', ...started.flatMap(({ engine }) => [`${engine} ms`, 'CPU ms'])];
  console.log(`\n${table([...head, ...others.map((engine) => `to ${engine}`), 'runs'], rows)}`);
  const peaks = started.map((server) => [server.engine, `${server.memory().peakMb.toFixed(0)} MB`]);
  console.log(`\n${table(['peak during the queries', 'memory'], peaks)}`);
  for (const server of started.splice(0)) await server.stop();
}

async function measureScraping(): Promise<void> {
  const seconds = options['scrape-seconds'];
  const plans = [
    { scale: 1, intervalSeconds: 1, seconds: Number(seconds ?? 240) },
    { scale: 10, intervalSeconds: 10, seconds: Number(seconds ?? 80) },
  ];
  const rows: string[][] = [];
  for (const plan of plans) {
    const all = await scrapeAll(engines, tools, plan.scale, plan.intervalSeconds, plan.seconds, workFolder);
    const other = all.find(({ engine }) => engine === 'prometheus');
    for (const one of all) {
      const rate = one.samples / one.cpuSeconds;
      rows.push([
        `${one.engine}, ${String(plan.scale * 10)} k series`,
        `${(one.samples / 1e6).toFixed(2)} M`,
        `${(rate / 1000).toFixed(0)} k`,
        other === undefined ? '' : ratio(rate, other.samples / other.cpuSeconds),
        `${one.idleMb.toFixed(0)} MB`,
        `${one.grownMb.toFixed(0)} MB`,
        other === undefined ? '' : ratio(one.grownMb, other.grownMb),
      ]);
    }
  }
  const head = ['scraping', 'samples', 'per CPU second', 'to prometheus', 'idle', 'grown by', 'to prometheus'];
  console.log(table(head, rows));
}

function nameOf({ series, hours }: GrowthPlan): string {
  return `${series.toLocaleString('en')} series, ${hours < 48 ? `${String(hours)} h` : `${String(hours / 24)} d`}`;
}

async function measureGrowth(): Promise<void> {
  const rows: string[][] = [];
  const pattern = new RegExp(options.match);
  for (const plan of GROWTH) {
    const name = nameOf(plan);
    if (!pattern.test(name)) continue;
    const one = await growth(tools, plan, workFolder);
    const milliseconds = (value: number): string => `${value.toFixed(value < 10 ? 1 : 0)} ms`;
    rows.push([
      name,
      `${(one.samples / 1e6).toFixed(1)} M, each ${String(plan.intervalSeconds)} s`,
      milliseconds(one.scrapeMs),
      `${one.appendMicroseconds.toFixed(2)} us`,
      milliseconds(one.oneInstantMs),
      milliseconds(one.oneRangeMs),
      milliseconds(one.sumInstantMs),
      milliseconds(one.sumRangeMs),
      milliseconds(one.startMs),
      `${(one.replayed / 1e6).toFixed(2)} M`,
      one.bytesPerSample.toFixed(2),
    ]);
    console.error(rows.at(-1)?.join('  '));
  }
  const head = [
    ...['growth', 'history', 'a scrape', 'a sample', 'one series, now', 'all time', 'sum of 12 %, now', 'all time'],
    ...['start', 'from the log', 'bytes/sample'],
  ];
  console.log(table(head, rows));
}

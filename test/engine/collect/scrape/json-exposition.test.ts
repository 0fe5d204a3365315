import { expect, test } from 'vitest';
import { translateJson } from '../../../../electron/engine/collect/scrape/json-exposition.ts';
import type { JsonMetric } from '../../../../electron/engine/config/json-metric.ts';

const DEFAULTS: JsonMetric = {
  name: 'm',
  type: 'gauge',
  help: '',
  unit: '',
  each: '$',
  value: '$',
  map: {},
  scale: 1,
  labels: {},
  timestamp: null,
};

async function translate(document: unknown, ...metrics: Partial<JsonMetric>[]): Promise<string> {
  const body = Buffer.from(typeof document === 'string' ? document : JSON.stringify(document));
  const result = await translateJson(
    body,
    metrics.map((metric) => ({ ...DEFAULTS, ...metric })),
  );
  return result.ok ? result.body.toString() : result.message;
}

const MONITORING = {
  status: 'degraded',
  system: { cpu_percent: 12.5, memory: { used_percent: '61.5 %' }, healthy: true, swap: null },
  queues: [
    { name: 'orders "eu"', depth: 3 },
    { name: 'mail', depth: '0' },
    { name: 'broken', depth: 'n/a' },
    { name: 'absent' },
  ],
};

test('numbers, texts that are numbers and truth values become samples', async () => {
  expect(
    await translate(
      MONITORING,
      { name: 'cpu_ratio', value: '$.system.cpu_percent', scale: 0.01, help: 'Share of\nthe processor', unit: 'ratio' },
      { name: 'memory_percent', value: '$.system.memory.used_percent' },
      { name: 'healthy', value: '$.system.healthy', labels: { site: 'north' } },
      { name: 'state', value: '$.status', map: { ok: 1, degraded: 0.5 } },
      { name: 'swap', value: '$.system.swap', type: 'unknown' },
    ),
  ).toBe(`# HELP cpu_ratio Share of\\nthe processor
# TYPE cpu_ratio gauge
# UNIT cpu_ratio ratio
cpu_ratio 0.125
# TYPE memory_percent gauge
memory_percent 61.5
# TYPE healthy gauge
healthy{site="north"} 1
# TYPE state gauge
state 0.5
# TYPE swap untyped
`);
});

test('each item of a list is a series; one without a number is none, and never zero', async () => {
  const queues = {
    name: 'depth',
    type: 'counter',
    each: '$.queues[*]',
    value: '$.depth',
    labels: { queue: '$.name' },
  } as const;
  expect(await translate(MONITORING, queues)).toBe(
    '# TYPE depth counter\ndepth{queue="orders \\"eu\\""} 3\ndepth{queue="mail"} 0\n',
  );
  const long = { name: 'depth', each: '$.queues[?@.depth > 2]', value: '$.depth' };
  expect(await translate(MONITORING, long)).toBe('# TYPE depth gauge\ndepth 3\n');
});

test('samples carry the times of their items, in ascending order', async () => {
  const hourly = [
    { hour: '2026-01-01T10:00:00+00:00', orders: 7 },
    { hour: '2026-01-01 09:00', orders: 5 },
    { hour: 'soon', orders: 1 },
    { hour: 1767265200, orders: 9 },
  ];
  expect(await translate(hourly, { name: 'orders', each: '$[*]', value: '$.orders', timestamp: '$.hour' })).toBe(
    '# TYPE orders gauge\norders 5 1767258000000\norders 7 1767261600000\norders 9 1767265200000\n',
  );
});

test('an answer in which nothing is found fails, with the path that was looked for', async () => {
  expect(await translate({ other: 1 }, { value: '$.cpu' })).toBe(
    'answered JSON in which none of the json_metrics has a number; the first one is looked for at $.cpu.',
  );
  expect(await translate('<html>', { value: '$.cpu' })).toMatch(/^answered no JSON: /);
});

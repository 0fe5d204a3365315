import { expect, test } from 'vitest';
import { createTargetBuilder } from '../../../../electron/engine/collect/scrape/build-targets.ts';
import { connectTarget } from '../../../../electron/engine/collect/scrape/fetch-exposition.ts';
import { createColumns } from '../../../../electron/engine/collect/scrape/parse-exposition.ts';
import { createTargetScraper } from '../../../../electron/engine/collect/scrape/scrape-target.ts';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';
import { createArraySink } from '../../../doubles/array-sink.ts';
import { clientPorts } from '../../../doubles/client-ports.ts';
import { startNodeExporter, startPrometheus } from '../../../services/start-exporter.ts';
import { scrapeConfig } from './scrape-settings.ts';

test.each([
  ['node_exporter', startNodeExporter, 'node_cpu_seconds_total', 'counter', 300],
  ['Prometheus itself', startPrometheus, 'prometheus_build_info', 'gauge', 200],
] as const)('every sample of %s is read', async (_, start, metric, type, atLeast) => {
  const exporter = await start();
  try {
    const sink = createArraySink();
    const [target] = createTargetBuilder(scrapeConfig(exporter.address))([]).targets;
    if (!target) throw new Error('no target was built');
    const connection = connectTarget(target, clientPorts());
    const columns = createColumns<never>();
    const scraper = createTargetScraper({ target, connection, sink, columns, clock: systemClock });
    const signal = new AbortController().signal;
    for (const at of [1000, 2000]) await scraper.scrape({ scheduledAt: at, lateMs: 0, signal });
    connection.close();
    expect(scraper.state()).toMatchObject({ health: 'up', lastError: '' });
    const plain = await (await fetch(`http://${exporter.address}/metrics`)).text();
    const lines = plain.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(lines.length).toBeGreaterThan(atLeast);
    expect(Math.abs(scraper.state().samples - lines.length)).toBeLessThan(10); // a series may come between two requests
    expect(sink.samples.some(({ series }) => series.startsWith(`${metric}{`))).toBe(true);
    const family = [...scraper.metadata].find(([name]) => name === metric || `${name}_total` === metric);
    expect(family?.[1].type).toBe(type);
  } finally {
    await exporter.stop();
  }
});

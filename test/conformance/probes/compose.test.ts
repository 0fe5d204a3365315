import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { importCompose } from '../../../electron/engine/config/index.ts';
import { makeProbe } from '../../engine/collect/probe/services/ask.ts';
import type { ProbeKindName } from '../../../electron/engine/config/index.ts';
import type { RawSettings } from '../../engine/collect/probe/services/ask.ts';

const FILE = '../shared/examples/docker-compose.healthchecks.yml';

it('imports the health checks of the example as checks that the configuration takes', () => {
  const imported = importCompose(readFileSync(FILE, 'utf8'), '/srv/compose.yml');
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
  const kinds = imported.checks.map(({ entry }) => {
    const {
      name,
      interval,
      timeout,
      failures_before_down: failures,
      retry_interval: _,
      ...probe
    } = entry as Readonly<Record<string, unknown>>;
    const [[kind, settings] = ['', {}]] = Object.entries(probe);
    // Every scalar is a text in a file.
    const texts = JSON.parse(JSON.stringify(settings), (_key, value: unknown) =>
      typeof value === 'boolean' ? String(value) : value,
    ) as RawSettings;
    expect(makeProbe(kind as ProbeKindName, texts)).toHaveProperty('run');
    return [name, interval, timeout, failures, kind];
  });
  expect(kinds).toEqual([
    ['celery-worker', '30s', '10s', 3, 'command'],
    ['celery-beat', '1m', '10s', 3, 'command'],
    ['flower', '30s', '10s', 3, 'http'],
  ]);
});

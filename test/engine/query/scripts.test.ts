import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runScript } from '../../../electron/engine/query/promqltest/index.ts';
import { systemClock } from '../../../electron/engine/schedule/clock.ts';

const FOLDER = fileURLToPath(new URL('../../rules/', import.meta.url));
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.test.txt'));

describe('our own scripts', () => {
  it('are found', () => {
    expect(files.length).toBeGreaterThanOrEqual(3);
  });

  it.each(files)('pass in every case: %s', async (file) => {
    const cases = await runScript(readFileSync(FOLDER + file, 'utf8'), { clock: systemClock });
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.filter(({ problem }) => problem !== null)).toEqual([]);
  });
});

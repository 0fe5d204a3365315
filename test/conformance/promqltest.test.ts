import { readdirSync, readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { runScript } from '../../electron/engine/query/promqltest/index.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/conformance/promqltest/', import.meta.url));

if (!statSync(FOLDER, { throwIfNoEntry: false })?.isDirectory()) {
  throw new Error(`The conformance data of Prometheus is missing: ${FOLDER}`);
}

interface IndexRow {
  readonly file: string;
  readonly line: number;
  /** What a case needs beyond floats and the default feature flags; nothing for a core case. */
  readonly tags: readonly string[];
}

const index = JSON.parse(readFileSync(`${FOLDER}index.json`, 'utf8')) as readonly IndexRow[];
const files = readdirSync(FOLDER).filter((file) => file.endsWith('.test'));

/** The one need that is not met: samples that are histograms. Cases with it may pass, where floats decide them. */
const NATIVE_HISTOGRAMS = 'native-hist';

describe('the scripts of Prometheus itself', async () => {
  const passed = new Set<string>();
  const problems = new Map<string, string>();
  for (const file of files) {
    const cases = await runScript(readFileSync(FOLDER + file, 'utf8'), { clock: systemClock });
    for (const { line, query, problem } of cases) {
      const key = `${file}:${String(line)}`;
      if (problem === null) passed.add(key);
      else problems.set(key, `${query}: ${problem}`);
    }
  }
  const core = index.filter(({ tags }) => tags.length === 0).map(({ file, line }) => `${file}:${String(line)}`);

  it('are all run', () => {
    expect(files).toHaveLength(8);
    expect(passed.size + problems.size).toBe(index.length);
    expect(core).toHaveLength(514);
  });

  it('pass in every case that floats and default features suffice for', () => {
    const failures = core
      .filter((key) => !passed.has(key))
      .map((key) => `${key} ${problems.get(key) ?? 'did not run'}`);
    expect(failures).toEqual([]);
  });

  it('pass in every case that needs experimental functions, delayed removal of names, or types and units', () => {
    const further = index.filter(({ tags }) => tags.length > 0 && !tags.includes(NATIVE_HISTOGRAMS));
    expect(further.length).toBe(27);
    const failures = further
      .map(({ file, line }) => `${file}:${String(line)}`)
      .filter((key) => !passed.has(key))
      .map((key) => `${key} ${problems.get(key) ?? 'did not run'}`);
    expect(failures).toEqual([]);
  });

  it('fail in no other case than those about native histograms', () => {
    const tags = new Map(index.map((row) => [`${row.file}:${String(row.line)}`, row.tags]));
    const unexplained = [...problems.keys()].filter((key) => tags.get(key)?.includes(NATIVE_HISTOGRAMS) !== true);
    expect(unexplained).toEqual([]);
    expect(problems.size).toBe(195);
  });
});

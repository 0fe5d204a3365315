import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkFiles } from '../../electron/engine/config/index.ts';
import { languageChecks } from '../../electron/engine/language-checks.ts';

const ROOT = fileURLToPath(new URL('../../../shared/conformance/', import.meta.url));
const PROMTOOL = '/usr/bin/promtool';
if (!existsSync(ROOT)) throw new Error(`The conformance data is missing: ${ROOT}`);
if (!existsSync(PROMTOOL)) throw new Error(`${PROMTOOL} is missing: install Debian's prometheus.`);

const list = (folder: string, names: RegExp): string[] =>
  readdirSync(ROOT + folder)
    .filter((name) => names.test(name))
    .map((name) => `${folder}/${name}`);

/** The rules among promtool's data; the other files there are tests. */
const PROMTOOL_RULES =
  /^(?:at-modifier|bad-rules-error|bad-rules-syntax|negative-offset|features|prometheus-rules\.lint|rules(?:-bad|_duplicates|_extrafields)?)\.yml$/;

const files = [...list('rules', /\.yaml$/), ...list('promtool', PROMTOOL_RULES), ...list('rulefmt/files', /\.yaml$/)];

/** Prometheus 2 allowed ASCII names only. */
const DIFFERENT_IN_3 = new Set([
  'rulefmt/files/legacy_validation_annotation.bad.yaml',
  'rulefmt/files/utf-8_annotation.good.yaml',
  'rulefmt/files/utf-8_lname.good.yaml',
]);

describe('rule files of Prometheus', () => {
  it('are all there', () => {
    expect(files).toHaveLength(41);
  });

  it.each(files.filter((file) => !DIFFERENT_IN_3.has(file)))('are judged as promtool judges them: %s', async (file) => {
    const [checked] = await checkFiles('rules', [ROOT + file], { environment: {}, ...languageChecks });
    const { status } = spawnSync(PROMTOOL, ['check', 'rules', ROOT + file]);
    expect(checked?.ok).toBe(status === 0);
  });

  it.each([...DIFFERENT_IN_3])('may have names in any script: %s', async (file) => {
    const [checked] = await checkFiles('rules', [ROOT + file], { environment: {}, ...languageChecks });
    expect(checked?.problems).toEqual([]);
  });
});

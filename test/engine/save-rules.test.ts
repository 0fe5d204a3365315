import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { saveRules } from '../../electron/engine/save-rules.ts';

const RULE = { name: 'Down', expr: 'up == 0', forMs: 60_000, keepFiringForMs: 0, labels: {}, annotations: {} };
const MAIN = '# mine\nglobal:\n  scrape_interval: 15s # often\n';
let directory: string;
let main: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-save-rules-'));
  main = join(directory, 'prometheus.yml');
  await writeFile(main, MAIN);
});
afterEach(() => rm(directory, { recursive: true, force: true }));

it('makes a rule file where there is none, and names it in the main file, whose comments stay', async () => {
  const file = join(directory, 'rules.yml');
  const saved = await saveRules(
    { rules: [RULE], group: 'own', file: null },
    { file: main, ruleFiles: [], promqlFeatures: [] },
  );
  expect(saved).toEqual({ ok: true, file });
  expect(await readFile(main, 'utf8')).toBe(`${MAIN}rule_files:\n  - rules.yml\n`);
  expect(await readFile(file, 'utf8')).toBe(
    'groups:\n  - name: own\n    rules:\n      - alert: Down\n        expr: up == 0\n        for: 1m\n',
  );
  const more = await saveRules(
    { rules: [{ ...RULE, name: 'Again' }], group: 'own', file },
    { file: main, ruleFiles: [file], promqlFeatures: [] },
  );
  expect(more).toEqual({ ok: true, file });
  expect(await readFile(file, 'utf8')).toContain('      - alert: Again\n');
});

it('writes nothing where the rule is wrong, and tells the line that it would have had', async () => {
  const saved = await saveRules(
    { rules: [{ ...RULE, expr: 'sum(' }], group: 'own', file: null },
    { file: main, ruleFiles: [], promqlFeatures: [] },
  );
  expect(saved).toMatchObject({ ok: false, reason: 'problems', problems: [{ line: 5, column: 19 }] });
  expect(await readFile(main, 'utf8')).toBe(MAIN);
  await expect(readFile(join(directory, 'rules.yml'))).rejects.toThrow('ENOENT');
});

it('writes into rule files of the configuration only', async () => {
  const elsewhere = await saveRules(
    { rules: [RULE], group: 'own', file: '/etc/passwd' },
    { file: main, ruleFiles: [join(directory, 'rules.yml')], promqlFeatures: [] },
  );
  expect(elsewhere).toMatchObject({ ok: false, reason: 'notFound' });
  const none = await saveRules(
    { rules: [RULE], group: 'own', file: null },
    { file: null, ruleFiles: [], promqlFeatures: [] },
  );
  expect(none).toMatchObject({ ok: false, reason: 'noFile' });
});

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runCommandLine } from '../../electron/headless.ts';

const FOLDER = fileURLToPath(new URL('../../../shared/conformance/promtool/', import.meta.url));
const PROMTOOL = '/usr/bin/promtool';
if (!existsSync(FOLDER)) throw new Error(`The conformance data is missing: ${FOLDER}`);
if (!existsSync(PROMTOOL)) throw new Error(`${PROMTOOL} is missing: install Debian's prometheus.`);

interface Report {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function ours(...args: string[]): Promise<Report> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(['test', 'rules', ...args], {
    out: (text) => (out += text),
    err: (text) => (err += text),
  });
  return { code, out, err };
}

function promtool(file: string): Report {
  const { status, stdout, stderr } = spawnSync(PROMTOOL, ['test', 'rules', file], { encoding: 'utf8' });
  return { code: status ?? -1, out: stdout, err: stderr };
}

/** What Prometheus's own suite says of each file, with the options that it gives. */
const VERDICTS: readonly (readonly [file: string, options: readonly string[], passes: boolean])[] = [
  ['unittest.yml', [], true],
  ['long-period.yml', [], true],
  ['at-modifier-test.yml', [], true],
  ['negative-offset-test.yml', [], true],
  ['no-test-group-interval.yml', [], true],
  ['start-time-test.yml', [], true],
  ['rules_run.yml', ['--run', 'correct'], true],
  ['rules_run_extrafields.yml', ['--ignore-unknown-fields'], true],
  ['rules_run_fuzzy.yml', ['--run', 'correct'], true],
  ['bad-input-series.yml', [], false],
  ['bad-promql.yml', [], false],
  ['bad-rules-syntax-test.yml', [], false],
  ['bad-rules-error-test.yml', [], false],
  ['failing.yml', [], false],
  ['rules_run.yml', [], false],
  ['rules_run.yml', ['--run', 'wrong'], false],
  ['rules_run_no_fuzzy.yml', [], false],
  ['rules_run_fuzzy.yml', ['--run', 'wrong'], false],
  ['rules_run_extrafields.yml', [], false],
];

describe("the unit tests of Prometheus's promtool", () => {
  it.each(VERDICTS)('%s %j: passes is %s', async (file, options, passes) => {
    const { code, out, err } = await ours(...options, FOLDER + file);
    expect(code).toBe(passes ? 0 : 1);
    expect(passes ? out : err).toContain(passes ? 'SUCCESS' : 'FAILED');
  });

  it.each(['long-period.yml', 'at-modifier-test.yml', 'negative-offset-test.yml', 'failing.yml', 'rules_run.yml'])(
    "are reported in promtool's words: %s",
    async (file) => {
      expect(await ours(FOLDER + file)).toEqual(promtool(FOLDER + file));
    },
  );

  it.each(['bad-input-series.yml', 'bad-promql.yml', 'bad-rules-syntax-test.yml', 'bad-rules-error-test.yml'])(
    'end as promtool ends: %s',
    async (file) => {
      const [mine, theirs] = [await ours(FOLDER + file), promtool(FOLDER + file)];
      expect([mine.code, mine.out]).toEqual([theirs.code, theirs.out]);
    },
  );
});

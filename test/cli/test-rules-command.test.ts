import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../electron/headless.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vedette-rules-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function write(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommandLine(args, { out: (text) => (out += text), err: (text) => (err += text) });
  return { code, out, err };
}

const RULES = `
groups:
  - name: second
    rules:
      - record: job:up:sum_of_first
        expr: sum by (job) (instance:up:copy)
  - name: first
    rules:
      - record: instance:up:copy
        expr: up
      - alert: Down
        expr: up == 0
        for: 2m
        keep_firing_for: 3m
        labels: {severity: page, region: '{{ $externalLabels.region }}'}
        annotations: {summary: '{{ $labels.instance }} is down ({{ $value }}), see {{ $externalURL }}'}
`;

describe('vedette test rules', () => {
  it('passes over tests that come out, with alerts, expressions, stale series and an order of groups', async () => {
    write('rules.yml', RULES);
    const file = write(
      'test.yml',
      `
rule_files: [rules.yml]
evaluation_interval: 1m
group_eval_order: [first, second]
tests:
  - name: an instance goes down and comes back
    interval: 1m
    external_labels: {region: eu}
    external_url: http://watch.example
    input_series:
      - {series: 'up{job="api", instance="a"}', values: '1 0x3 1x10'}
      - {series: 'up{job="api", instance="b"}', values: '1 1 _ stale'}
    alert_rule_test:
      - {eval_time: 2m, alertname: Down, exp_alerts: []}
      - eval_time: 3m30s
        alertname: Down
        exp_alerts:
          - exp_labels: {severity: page, region: eu, job: api, instance: a}
            exp_annotations: {summary: 'a is down (0), see http://watch.example'}
      - eval_time: 7m
        alertname: Down
        exp_alerts:
          - exp_labels: {severity: page, region: eu, job: api, instance: a}
            exp_annotations: {summary: 'a is down (0), see http://watch.example'}
      - {eval_time: 8m, alertname: Down, exp_alerts: []}
    promql_expr_test:
      - expr: job:up:sum_of_first
        eval_time: 1m
        exp_samples: [{labels: 'job:up:sum_of_first{job="api"}', value: 1}]
      - expr: count(up)
        eval_time: 3m
        exp_samples: [{value: 1}]
`,
    );
    const { code, out, err } = await run('test', 'rules', file);
    expect({ code, out, err }).toEqual({ code: 0, out: `Unit Testing:  ${file}\n  SUCCESS\n\n`, err: '' });
  });

  it('says what was expected and what came out', async () => {
    write('rules.yml', RULES);
    const file = write(
      'test.yml',
      `
rule_files: [rules.yml]
tests:
  - name: wrong
    input_series: [{series: 'up{instance="a"}', values: '0x10'}]
    alert_rule_test: [{eval_time: 5m, alertname: Down, exp_alerts: [{exp_labels: {severity: ticket}}]}]
    promql_expr_test: [{expr: up * 1.5 + 2e-7, eval_time: 1m, exp_samples: [{labels: '{instance="b"}', value: NaN}]}]
`,
    );
    const { code, out, err } = await run('test', 'rules', file);
    expect(code).toBe(1);
    expect(out).toBe(`Unit Testing:  ${file}\n\n\n\n`);
    expect(err).toBe(`  FAILED:
    name: wrong,
    alertname: Down, time: 5m, ${''}
        exp:[
            0:
              Labels:{alertname="Down", severity="ticket"}
              Annotations:{}
            ], ${''}
        got:[
            0:
              Labels:{alertname="Down", instance="a", severity="page"}
              Annotations:{summary="a is down (0), see "}
            ]
    expr: "up * 1.5 + 2e-7", time: 1m,
        exp: {instance="b"} NaN
        got: {instance="a"} 2E-07
`);
  });

  it('runs only the tests that are asked for', async () => {
    const test = (name: string, value: number): string =>
      `  - {name: ${name}, promql_expr_test: [{expr: '1', exp_samples: [{value: ${String(value)}}]}]}\n`;
    const file = write('test.yml', `tests:\n${test('right', 1)}${test('wrong', 2)}`);
    expect((await run('test', 'rules', '--run', '^right', file)).code).toBe(0);
    expect((await run('test', 'rules', '--run', 'wrong', file)).code).toBe(1);
  });

  it('takes neighbouring numbers for equal where the file is fuzzy', async () => {
    const text = "tests: [{promql_expr_test: [{expr: '0.1 + 0.2', exp_samples: [{value: 0.3}]}]}]\n";
    expect((await run('test', 'rules', write('exact.yml', text))).code).toBe(1);
    expect((await run('test', 'rules', write('fuzzy.yml', `fuzzy_compare: true\n${text}`))).code).toBe(0);
  });

  it('begins a test when it is told to', async () => {
    const file = write(
      'test.yml',
      `tests:
  - start_timestamp: 2024-01-01T00:00:00Z
    input_series: [{series: up, values: '1+1x5'}]
    promql_expr_test:
      - {expr: timestamp(up), eval_time: 2m, exp_samples: [{value: 1704067320}]}
`,
    );
    expect(await run('test', 'rules', file)).toMatchObject({ code: 0, err: '' });
  });

  it('refuses files that are wrong, with their places', async () => {
    const file = write('test.yml', 'tests:\n  - {alert_rule_test: [{eval_time: 5 minutes}], colour: red}\n');
    const { code, err } = await run('test', 'rules', file);
    expect(code).toBe(1);
    expect(err).toContain(`${file}:2:36: tests[0].alert_rule_test[0].eval_time`);
    expect(err).toContain('Unknown key "colour"');
    expect((await run('test', 'rules', join(folder, 'none.yml'))).err).toContain('no such file');
  });

  it('warns of rule files that do not exist', async () => {
    const file = write('test.yml', 'rule_files: [missing*.yml]\ntests: []\n');
    expect(await run('test', 'rules', file)).toMatchObject({
      code: 0,
      err: `  WARNING: no file match pattern ${join(folder, 'missing*.yml')}\n`,
    });
  });

  it('lets a bare selector give native histograms', async () => {
    const file = write(
      'test.yml',
      `tests:
  - input_series: [{series: sizes, values: '{{count:2 sum:3 buckets:[2]}}+{{count:1 sum:1 buckets:[1]}}x2 stale'}]
    promql_expr_test:
      - {expr: sizes, eval_time: 2m, exp_samples: [{labels: sizes, histogram: '{{count:4 sum:5 buckets:[4] counter_reset_hint:not_reset}}'}]}
      - {expr: sizes, eval_time: 3m, exp_samples: []}
`,
    );
    expect(await run('test', 'rules', file)).toMatchObject({ code: 0, err: '' });
  });

  it('switches experimental functions on where it is told to', async () => {
    const file = write(
      'test.yml',
      "tests: [{promql_expr_test: [{expr: 'min_of(1, 2)', exp_samples: [{value: 1}]}]}]\n",
    );
    expect((await run('test', 'rules', file)).err).toContain('function "min_of" is experimental and not enabled');
    const feature = ['--enable-feature', 'promql-experimental-functions'];
    expect((await run('test', 'rules', ...feature, file)).code).toBe(0);
    expect((await run('test', 'rules', '--enable-feature', 'magic', file)).code).toBe(2);
  });
});

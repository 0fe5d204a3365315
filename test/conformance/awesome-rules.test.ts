import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileRuleTemplates, observeAlerts } from '../../electron/engine/alert/rules/observe-alerts.ts';
import { templateQuery, type RuleQuery } from '../../electron/engine/alert/rules/rule-query.ts';
import type { AlertingRuleConfig } from '../../electron/engine/config/configuration.ts';
import { loadRuleFile } from '../../electron/engine/config/index.ts';
import { languageChecks } from '../../electron/engine/language-checks.ts';
import { parsePromql, queryInstant } from '../../electron/engine/query/promql/index.ts';
import { MemorySource } from '../../electron/engine/query/promqltest/index.ts';
import { systemClock } from '../../electron/engine/schedule/clock.ts';

const ROOT = join(import.meta.dirname, '../../../shared/conformance/awesome-rules');
if (!existsSync(ROOT)) throw new Error(`The conformance data is missing: ${ROOT}`);

const EMPTY = new MemorySource();
const NOW_MS = Date.UTC(2026, 0, 1);
const query: RuleQuery = (expression, timeMs, signal) =>
  queryInstant(EMPTY, expression, { clock: systemClock, timeMs, signal });
const { signal } = new AbortController();

function loadDistribution(): { readonly files: number; readonly alerts: readonly AlertingRuleConfig[] } {
  const paths = readdirSync(join(ROOT, 'dist/rules'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.yml'),
  );
  const alerts = paths.flatMap((path) => {
    const file = join(ROOT, 'dist/rules', path);
    const loaded = loadRuleFile(readFileSync(file, 'utf8'), file, languageChecks);
    if (!loaded.ok) throw new Error(`${path}: ${loaded.problems[0]?.message ?? ''}`);
    return loaded.value.flatMap(({ rules }) => rules.filter((rule) => rule.kind === 'alerting'));
  });
  return { files: paths.length, alerts };
}

describe('the rules of Awesome Prometheus alerts', () => {
  const { files, alerts } = loadDistribution();

  it('load from every file', () => {
    expect([files, alerts.length]).toEqual([112, 954]);
  });

  it('evaluate on an empty store without error, and only those about what is absent give something', async () => {
    const failures: string[] = [];
    for (const { alert, expr } of alerts) {
      const answer = await query(expr, NOW_MS, signal);
      if (!answer.ok) failures.push(`${alert}: ${answer.problem.message}`);
      else if (answer.value.type !== 'vector') failures.push(`${alert}: gives a ${answer.value.type}`);
      else if (answer.value.samples.length > 0 && !/absent|vector\(/.test(expr))
        failures.push(`${alert}: gives something`);
    }
    expect(failures).toEqual([]);
  });

  it('have annotations that expand', async () => {
    const problems: string[] = [];
    const labels = ['instance', 'host-1:9100', 'job', 'node'];
    for (const rule of alerts) {
      await observeAlerts([{ labels, value: 93.456 }], compileRuleTemplates(rule, {}), {
        query: templateQuery(query, NOW_MS, signal),
        nowMs: NOW_MS,
        externalUrl: 'http://watch.example',
        externalLabels: {},
        onProblem: (message) => problems.push(`${rule.alert}: ${message}`),
      });
    }
    expect(problems).toEqual([]);
  });

  it('parse in the newer source too, but for one whose fault is named with its place', () => {
    const newer = JSON.parse(readFileSync(join(ROOT, 'all-1155.json'), 'utf8')) as { alert: string; expr: string }[];
    expect(newer).toHaveLength(1155);
    const refused = newer.flatMap(({ alert, expr }) => {
      const parsed = parsePromql(expr);
      return parsed.ok ? [] : [{ alert, ...parsed.problem }];
    });
    expect(refused).toMatchObject([
      { alert: 'KubernetesVersionMismatch', line: 1, column: expect.any(Number) as number },
    ]);
    expect(refused[0]?.message).toMatch(/^1:\d+: parse error: unknown escape sequence/);
  });
});

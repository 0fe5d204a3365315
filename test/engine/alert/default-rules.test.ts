import { expect, it } from 'vitest';
import { testRuleFile } from '../../../electron/engine/alert/rule-tests/test-rule-file.ts';
import { DEFAULT_RULES } from '../../../electron/engine/config/default-rules.ts';
import { languageChecks } from '../../../electron/engine/language-checks.ts';
import { systemClock } from '../../../electron/engine/schedule/index.ts';
import { memoryFiles } from '../config/memory-files.ts';

/** A minute of readings, then the alert with these two texts. */
const near = (labels: string, ratio: string, summary: string, summaryZh: string): string => `
  - interval: 15s
    input_series: [{series: 'vedette_series_limit_used_ratio{job="vedette",${labels}}', values: '${ratio}x8'}]
    alert_rule_test:
      - eval_time: 2m
        alertname: SeriesLimitNear
        exp_alerts: ${summary === '' ? '[]' : '['}
${summary === '' ? '' : `          {exp_labels: {severity: warning, job: vedette, ${labels.replaceAll('=', ': ')}}, exp_annotations: {summary: '${summary}', summary_zh: '${summaryZh}', description: '${DESCRIPTION}', description_zh: '${DESCRIPTION_ZH}'}}]`}`;

const DESCRIPTION =
  'Look for a label with ever new values, such as an id or an address, and drop it where it is made. The limits are ' +
  'storage.metrics.max_series, max_series_per_metric and max_series_per_target in the configuration.';
const DESCRIPTION_ZH =
  '请查找取值不断变化的标签（例如 ID 或地址），并在产生处去掉它。上限在配置的 storage.metrics.max_series、 ' +
  'max_series_per_metric 和 max_series_per_target 中设置。';

it('tell which metric or target comes near a limit of series, and when new ones are refused', async () => {
  const cases = [
    near('limit="metric", worst="http_requests_total"', '0.5', '', ''),
    near(
      'limit="metric", worst="http_requests_total"',
      '0.934',
      'Metric http_requests_total has 93 % of the series that one metric may have',
      '指标 http_requests_total 已达到单个上限的 93 %',
    ),
    near(
      'limit="target", worst="api/10.0.0.1:80"',
      '1',
      'Target api/10.0.0.1:80 has 100 % of the series that one target may have; new ones are refused',
      '目标 api/10.0.0.1:80 已达到单个上限的 100 %，新的时间序列会被拒绝',
    ),
    near(
      'limit="total", worst="http_requests_total"',
      '0.95',
      '95 % of all series that are kept are in use, most of them by metric http_requests_total',
      '已使用全部时间序列上限的 95 %，最多的是指标 http_requests_total',
    ),
  ];
  const files = memoryFiles({
    '/rules.yml': DEFAULT_RULES,
    '/test.yml': `rule_files: [rules.yml]\nevaluation_interval: 15s\ntests:${cases.join('')}`,
  });
  const report = await testRuleFile('/test.yml', { files, clock: systemClock, ...languageChecks });
  expect(report).toEqual({ ok: true, tests: cases.length, problems: [], warnings: [] });
});

import { describe, expect, it } from 'vitest';
import { DEFAULT_SCRAPE } from '../../../electron/engine/config/default-configuration.ts';
import { loadConfiguration } from '../../../electron/engine/config/load-configuration.ts';
import { languageChecks } from '../../../electron/engine/language-checks.ts';
import { brief, load, loadProblems, loadValue, memoryFiles } from './memory-files.ts';

describe('the main file', () => {
  it('gives every value its default', async () => {
    const value = await loadValue('scrape_configs: [{job_name: a, static_configs: [{targets: ["h:1"]}]}]');
    expect(value.global).toEqual({
      scrapeIntervalMs: 60_000,
      scrapeTimeoutMs: 10_000,
      evaluationIntervalMs: 60_000,
      externalLabels: {},
    });
    expect(value.scrapeConfigs).toEqual([
      {
        ...DEFAULT_SCRAPE,
        jobName: 'a',
        scrapeIntervalMs: 60_000,
        scrapeTimeoutMs: 10_000,
        staticConfigs: [{ targets: ['h:1'], labels: {} }],
      },
    ]);
    expect(value.host).toEqual({ enabled: true, intervalMs: 15_000, processes: [] });
    expect(value.ruleGroups).toEqual([]);
    expect(value.notify.receivers).toEqual([{ name: 'desktop', channels: [{ kind: 'desktop', sendResolved: true }] }]);
  });

  it('reads the sections of its own', async () => {
    const value = await loadValue(`
host:
  enabled: false
  interval: 5s
  processes: [{name: api, pattern: 'java .*api[.]jar'}, {name: nginx}]
checks:
  - {name: api, interval: 1m, labels: {team: a}, http: {url: 'https://api.example/health', status: [2xx, 301-399], json: ['$.status == "ok"']}}
logs:
  - {name: app, type: error, files: ['logs/*.log', /var/log/app.log]}
dashboards: ['dashboards/*.json']
retention:
  metrics: {raw: 7d, size: 1GB}
  logs: {error: 90d, size: 5GB}
`);
    expect(value.host).toEqual({
      enabled: false,
      intervalMs: 5000,
      processes: [
        { name: 'api', pattern: 'java .*api[.]jar' },
        { name: 'nginx', pattern: null },
      ],
    });
    expect(value.checks).toMatchObject([
      {
        name: 'api',
        intervalMs: 60_000,
        timeoutMs: 10_000,
        labels: { team: 'a' },
        probe: {
          kind: 'http',
          url: 'https://api.example/health',
          method: 'GET',
          headers: {},
          body: null,
          status: ['2xx', '301-399'],
          keyword: null,
          json: ['$.status == "ok"'],
          followRedirects: true,
          insecureSkipVerify: false,
        },
      },
    ]);
    expect(value.logs).toEqual([
      { name: 'app', type: 'error', files: ['/etc/logs/*.log', '/var/log/app.log'], labels: {}, metrics: [] },
    ]);
    expect(value.dashboards).toEqual(['/etc/dashboards/*.json']);
    expect(value.retention.metrics).toMatchObject({ rawMs: 7 * 86_400_000, sizeBytes: 1024 ** 3 });
    expect(value.retention.logs).toMatchObject({ application: 30 * 86_400_000, error: 90 * 86_400_000 });
  });

  it('takes the retention of Prometheus where its own section says nothing', async () => {
    const value = await loadValue(
      'storage: {tsdb: {retention: {time: 30d, size: 2GB}}}\nretention: {metrics: {size: 3GB}}',
    );
    expect(value.retention.metrics).toMatchObject({ rawMs: 30 * 86_400_000, sizeBytes: 3 * 1024 ** 3 });
  });

  it('reads the limits of the store beside what Prometheus has there, 0 for none', async () => {
    const value = await loadValue(
      'storage: {tsdb: {retention: {time: 30d}}, exemplars: {max_exemplars: 1}, metrics: {max_series: 5000, max_series_per_metric: 0}}',
    );
    expect(value.storage.metrics).toEqual({
      maxSeries: 5000,
      maxSeriesPerMetric: Infinity,
      maxSeriesPerTarget: 250_000,
    });
    expect(brief(await loadProblems('storage:\n  metrics: {max_series: many, max_serie: 1}'))).toEqual([
      'vedette.yml:2:25 "many" is not a whole number of 0 or more.',
      'vedette.yml:2:31 Unknown key "max_serie".',
    ]);
  });

  it('switches parts of PromQL on, for rules too, from the file or from above it', async () => {
    const rules = { '/etc/a.rules': 'groups: [{name: g, rules: [{record: a, expr: \'sort_by_label(up, "job")\'}]}]' };
    const text = 'rule_files: [a.rules]\n';
    expect(await loadProblems(text, rules, languageChecks)).toMatchObject([
      { message: expect.stringContaining('experimental and not enabled') as string, line: 1 },
    ]);
    const named = `${text}promql: {enable_features: [promql-experimental-functions]}`;
    expect((await loadValue(named, rules, languageChecks)).promqlFeatures).toEqual(['promql-experimental-functions']);
    const overrides = { 'promql.enable_features': 'promql-experimental-functions,promql-duration-expr' };
    const above = await loadValue(text, rules, { ...languageChecks, overrides });
    expect(above.promqlFeatures).toEqual(['promql-experimental-functions', 'promql-duration-expr']);
    expect(await loadProblems('promql:\n  enable_features: [promql-duration-exp]')).toMatchObject([
      { line: 2, column: 21, path: 'promql.enable_features[0]', remedy: 'Did you mean "promql-duration-expr"?' },
    ]);
  });

  it('lets a scrape inherit what global says', async () => {
    const value = await loadValue(`
global: {scrape_interval: 20s, scrape_timeout: 15s, sample_limit: 5, body_size_limit: 1MB}
scrape_configs:
  - {job_name: a}
  - {job_name: b, scrape_interval: 5s, sample_limit: 9}
`);
    expect(value.scrapeConfigs).toMatchObject([
      { scrapeIntervalMs: 20_000, scrapeTimeoutMs: 15_000, sampleLimit: 5, bodySizeLimitBytes: 1024 ** 2 },
      { scrapeIntervalMs: 5000, scrapeTimeoutMs: 5000, sampleLimit: 9 },
    ]);
  });

  it('expands variables in external labels alone', async () => {
    const text = 'global: {external_labels: {a: "${X}-$Y-$$Z"}}\nscrape_configs: [{job_name: "${X}"}]';
    const value = await loadValue(text, {}, { environment: { X: '1', Y: '2' } });
    expect(value.global.externalLabels).toEqual({ a: '1-2-$Z' });
    expect(value.scrapeConfigs[0]?.jobName).toBe('${X}');
  });

  it('hides credentials and resolves their files beside itself', async () => {
    const value = await loadValue(`
scrape_configs:
  - {job_name: a, basic_auth: {username: u, password: hunter2}}
  - {job_name: b, authorization: {credentials_file: token}}
  - {job_name: c, bearer_token: '\${env:TOKEN}'}
`);
    expect(JSON.stringify(value)).not.toContain('hunter2');
    expect(value.scrapeConfigs[1]?.authorization).toEqual({
      type: 'Bearer',
      credentials: { kind: 'file', path: '/etc/token' },
    });
    expect(value.scrapeConfigs[2]?.authorization?.credentials).toEqual({ kind: 'environment', name: 'TOKEN' });
  });
});

describe('what is wrong', () => {
  it('is told all at once, over all files, in their order', async () => {
    const problems = await loadProblems(
      `global:
  scrape_intervall: 15s
rule_files: [rules.yml]
scrape_configs:
  - job_name: a
    scrape_interval: 5s
    scrape_timeout: 6s
    static_configs:
      - targets: ['http://h:1/metrics', 'h:99999']
  - job_name: a
checks:
  - name: api
    http: {url: 'ftp://x', status: [banana]}
  - name: web
  - name: api
    http: {url: 'http://x'}
logs:
  - {name: l, type: nothing, files: []}
host: {interval: 15}
`,
      { '/etc/rules.yml': 'groups:\n  - name: g\n    rules:\n      - alert: A\n        for: 1x\n' },
    );
    expect(brief(problems)).toEqual([
      'vedette.yml:2:3 Unknown key "scrape_intervall".',
      'vedette.yml:7:21 The scrape timeout of "a" is longer than its scrape interval.',
      'vedette.yml:9:19 "http://h:1/metrics" is not a target address: it holds a slash.',
      'vedette.yml:9:41 "h:99999" is not a target address: the port is not a number from 1 to 65535.',
      'vedette.yml:10:15 The name "a" is used twice; first at vedette.yml:5.',
      'vedette.yml:13:17 "ftp://x" is not a URL with http or https and a host.',
      'vedette.yml:13:37 "banana" is not a status.',
      'vedette.yml:14:5 The check does not say what it asks.',
      'vedette.yml:15:11 The name "api" is used twice; first at vedette.yml:12.',
      'vedette.yml:18:21 "nothing" is not possible here.',
      'vedette.yml:18:37 The list is empty.',
      'vedette.yml:19:18 "15" is not a duration.',
      'rules.yml:5:14 "1x" is not a duration.',
    ]);
  });

  it.each([
    ['global: {scrape_intervall: 1s}', 'Did you mean "scrape_interval"?'],
    ['scrape_config: []', 'Did you mean "scrape_configs"?'],
    [
      'scrape_configs: [{job_name: a, static_configs: [{targets: ["https://h:1/m"]}]}]',
      'Write h:1, with scheme: https',
    ],
    ['scrape_configs: [{job_name: a, scheme: htps}]', 'Did you mean "https"?'],
  ])('comes with what to do: %s', async (text, remedy) => {
    const [problem] = await loadProblems(text);
    expect(problem?.remedy).toContain(remedy);
  });

  it.each([
    ['- a', 'Expected a mapping, found a list.'],
    ['scrape_configs: {a: b}', 'Expected a list.'],
    ['retention: {metrics: {raw: 0s}}', 'Nothing would be kept.'],
    ['alertmanager: {route: {receiver: a}, receivers: [{name: a}]}\nalertmanager_file: x', 'Both alertmanager'],
    ['alertmanager_file: missing.yml', 'does not exist'],
    ['global: {metric_name_validation_scheme: legacy, external_labels: {a-b: c}}', 'invalid label name'],
    ['checks: [{name: a, interval: 5s, timeout: 10s, http: {url: "http://h"}}]', 'longer than its interval'],
  ])('is refused: %s', async (text, message) => {
    const [problem] = await loadProblems(text);
    expect(problem?.message).toContain(message);
    expect(problem?.line).toBeGreaterThan(0);
  });

  it('names a JSON condition that cannot be read', async () => {
    const text = `checks: [{name: a, http: {url: 'http://h', json: ['$.a == 1', 'broken']}}]`;
    const checkCondition = (condition: string): { message: string } | null =>
      condition === 'broken' ? { message: 'No path.' } : null;
    const [problem] = await loadProblems(text, {}, { checkCondition });
    expect(problem).toMatchObject({ path: 'checks[0].http.json[1]', message: 'No path.' });
  });

  it('is a missing main file', async () => {
    const loaded = await loadConfiguration({ file: '/none.yml', environment: {}, files: memoryFiles({}) });
    expect(loaded).toMatchObject({
      ok: false,
      watchedFiles: ['/none.yml'],
      problems: [{ file: '/none.yml', line: 0 }],
    });
  });

  it('does not repeat a webhook address, which may hold a token', async () => {
    const [problem] = await loadProblems(
      'alertmanager: {route: {receiver: a}, receivers: [{name: a, webhook_configs: [{url: "htp://h/TOKEN"}]}]}',
    );
    expect(JSON.stringify(problem)).not.toContain('TOKEN');
  });
});

describe('what has no effect yet', () => {
  it('is accepted and said, once for each place', async () => {
    const loaded = await load(`
remote_read: [{url: 'http://h/read'}]
scrape_configs:
  - job_name: a
    extra_scrape_metrics: false
    relabel_configs: [{target_label: x, replacement: y}]
    kubernetes_sd_configs: [{role: pod}]
`);
    expect(loaded.ok && brief(loaded.warnings)).toEqual([
      'vedette.yml:2:1 "remote_read" has no effect yet.',
      'vedette.yml:7:5 "kubernetes_sd_configs" has no effect yet.',
    ]);
  });

  it('includes a rule file that is not there and a placeholder that was not filled in', async () => {
    const loaded = await load('rule_files: [none.yml, "none/*.yml"]\nglobal: {external_labels: {a: YOUR_TEAM}}');
    expect(loaded.ok && brief(loaded.warnings)).toEqual([
      'vedette.yml:1:14 The file "none.yml" does not exist.',
      'vedette.yml:1:24 No file matches "none/*.yml".',
      'vedette.yml:2:31 The value still holds the placeholder of an example.',
    ]);
  });
});

describe('a reference to the environment', () => {
  it('is told when the variable is not set', async () => {
    const text =
      'scrape_configs: [{job_name: a, bearer_token: "${env:SET}"}, {job_name: b, bearer_token: "${env:UNSET}"}]';
    const loaded = await load(text, {}, { environment: { SET: 'x' } });
    expect(loaded.ok && brief(loaded.warnings)).toEqual([
      'vedette.yml:1:89 The environment variable UNSET is not set.',
    ]);
  });
});

describe('the files that the main file names', () => {
  const rules = 'groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]';

  it('are found by pattern, in order, each once', async () => {
    const value = await loadValue('rule_files: [rules/*.yml, rules/a.yml]\nglobal: {evaluation_interval: 7s}', {
      '/etc/rules/b.yml': rules,
      '/etc/rules/a.yml': rules,
      '/etc/rules/c.txt': 'not read',
    });
    expect(value.ruleFiles).toEqual(['/etc/rules/a.yml', '/etc/rules/b.yml']);
    expect(value.ruleGroups).toMatchObject([
      { name: 'g', file: '/etc/rules/a.yml', intervalMs: 7000 },
      { name: 'g', file: '/etc/rules/b.yml' },
    ]);
    expect(value.watchedFiles).toEqual([
      '/etc/vedette.yml',
      '/etc/rules/*.yml',
      '/etc/rules/a.yml',
      '/etc/rules/b.yml',
    ]);
  });

  it('give scrape configurations whose paths are relative to them', async () => {
    const value = await loadValue('scrape_config_files: [jobs/*.yml]\nscrape_configs: [{job_name: a}]', {
      '/etc/jobs/b.yml': 'scrape_configs: [{job_name: b, tls_config: {ca_file: ca.pem}}]',
    });
    expect(value.scrapeConfigs.map(({ jobName }) => jobName)).toEqual(['a', 'b']);
    expect(value.scrapeConfigs[1]?.tls.caFile).toBe('/etc/jobs/ca.pem');
  });

  it('may be the configuration of an Alertmanager', async () => {
    const value = await loadValue('alertmanager_file: am/am.yml', {
      '/etc/am/am.yml': 'route: {receiver: x}\nreceivers: [{name: x, webhook_configs: [{url_file: url}]}]',
    });
    expect(value.notify.receivers[0]?.channels).toMatchObject([
      { kind: 'webhook', url: { kind: 'file', path: '/etc/am/url' }, sendResolved: true },
    ]);
    expect(value.watchedFiles).toContain('/etc/am/am.yml');
  });
});

describe('the layers', () => {
  it('go from defaults over the file and the environment to the command line', async () => {
    const options = {
      environment: { VEDETTE_HOST_INTERVAL: '6s', VEDETTE_RETENTION_METRICS_RAW: '3d', VEDETTE_DATA: '/data' },
      overrides: { 'host.interval': '7s' },
    };
    const value = await loadValue('host: {interval: 5s, enabled: false}', {}, options);
    expect(value.host).toMatchObject({ enabled: false, intervalMs: 7000 });
    expect(value.retention.metrics.rawMs).toBe(3 * 86_400_000);
  });

  it('name the variable or the command line when its value is wrong', async () => {
    const problems = await loadProblems(
      '',
      {},
      {
        environment: { VEDETTE_HOST_INTERVAL: 'often' },
        overrides: { 'retention.metrics.size': '5', 'host.intervall': '1s' },
      },
    );
    expect(problems.map(({ file, message, remedy }) => `${file}: ${message} ${remedy}`)).toEqual([
      'command line: There is no such setting on the command line. Did you mean "host.interval"?',
      'VEDETTE_HOST_INTERVAL: "often" is not a duration. Write it like 15s, 5m or 1h30m.',
      'command line: "5" is not a size. Write a number with a unit, such as 15MB.',
    ]);
  });

  it('may put an Alertmanager file in the place of the section', async () => {
    const value = await loadValue(
      'alertmanager: {route: {receiver: a}, receivers: [{name: a}]}',
      { '/am.yml': 'route: {receiver: b}\nreceivers: [{name: b}]' },
      { overrides: { alertmanager_file: '/am.yml' } },
    );
    expect(value.notify.route.receiver).toBe('b');
  });

  it('warn about a variable that sets nothing', async () => {
    const loaded = await load('', {}, { environment: { VEDETTE_HOST_INTERVALL: '1s' } });
    expect(loaded.ok && loaded.warnings[0]?.remedy).toBe('Did you mean VEDETTE_HOST_INTERVAL?');
  });
});

describe('without a file', () => {
  it('watches this machine by the default rules, and itself', async () => {
    const loaded = await loadConfiguration({ file: null, environment: {}, selfAddress: '127.0.0.1:9777' });
    if (!loaded.ok) throw new Error('refused');
    expect(loaded.warnings).toEqual([]);
    const { value } = loaded;
    expect(value.file).toBeNull();
    expect(value.host.enabled).toBe(true);
    expect(value.scrapeConfigs).toMatchObject([
      { jobName: 'vedette', scrapeIntervalMs: 15_000, staticConfigs: [{ targets: ['127.0.0.1:9777'], labels: {} }] },
    ]);
    const rules = value.ruleGroups.flatMap((group) => group.rules);
    expect(rules.map((rule) => (rule.kind === 'alerting' ? `${rule.alert} ${String(rule.forMs)}` : ''))).toEqual([
      'HighCPUUsage 300000',
      'HighMemoryUsage 300000',
      'HighDiskUsage 300000',
      'OwnNetworkDown 0',
      'TargetDown 120000',
      'CheckDown 0',
      'CheckDegraded 300000',
      'CheckFlapping 0',
      'CertificateExpires 0',
      'WatchedProcessGone 60000',
      'ProcessMemoryGrows 0',
      'SeriesLimitNear 60000',
    ]);
  });

  it('leaves a configured job of its own name alone', async () => {
    const value = await loadValue('scrape_configs: [{job_name: vedette}]', {}, { selfAddress: 'h:1' });
    expect(value.scrapeConfigs).toHaveLength(1);
  });
});

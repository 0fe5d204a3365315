import { describe, expect, it } from 'vitest';
import {
  addCheck,
  addLogSource,
  addScrapeTarget,
  changeSetting,
} from '../../../electron/engine/config/edit-configuration.ts';
import type { EditedText } from '../../../electron/engine/config/edit-configuration.ts';
import { loadValue } from './memory-files.ts';

function textOf(edited: EditedText): string {
  if (!edited.ok) throw new Error(edited.problems[0]?.message);
  return edited.text;
}

/** Lines that differ: `-` gone, `+` new. */
function changes(before: string, after: string): string[] {
  const old = before.split('\n');
  const now = after.split('\n');
  return [
    ...old.filter((line) => !now.includes(line)).map((line) => `-${line}`),
    ...now.filter((line) => !old.includes(line)).map((line) => `+${line}`),
  ];
}

const FILE = `# my global config
global:
  scrape_interval: 15s   # often

scrape_configs:
  # 监控 Node Exporter
  - job_name: 'node'
    static_configs:
      - targets: ['a:9100', "b:9100"]   # two machines

  - job_name: "labelled"
    static_configs:
      - targets:
          - c:1
        labels: {env: prod}
# the end
`;

describe('adding a target', () => {
  it('to a job changes its line alone', () => {
    const after = textOf(addScrapeTarget(FILE, { job: 'node', target: 'c:9100' }));
    expect(changes(FILE, after)).toEqual([
      `-      - targets: ['a:9100', "b:9100"]   # two machines`,
      `+      - targets: ['a:9100', "b:9100", c:9100] # two machines`,
    ]);
  });

  it('that is there already changes nothing', () => {
    expect(textOf(addScrapeTarget(FILE, { job: 'node', target: 'a:9100' }))).toBe(FILE);
  });

  it('to a new job keeps every comment', async () => {
    const after = textOf(addScrapeTarget(FILE, { job: 'app', target: 'h:8000', path: '/m', scheme: 'https' }));
    for (const comment of ['# my global config', '# often', '# 监控 Node Exporter', '# two machines', '# the end']) {
      expect(after).toContain(comment);
    }
    expect(changes(FILE, after).filter((line) => line.startsWith('-'))).toEqual([]);
    const value = await loadValue(after);
    expect(value.scrapeConfigs[2]).toMatchObject({
      jobName: 'app',
      metricsPath: '/m',
      scheme: 'https',
      staticConfigs: [{ targets: ['h:8000'] }],
    });
  });

  it('does not give it the labels of others', async () => {
    const value = await loadValue(textOf(addScrapeTarget(FILE, { job: 'labelled', target: 'd:1' })));
    expect(value.scrapeConfigs[1]?.staticConfigs).toEqual([
      { targets: ['c:1'], labels: { env: 'prod' } },
      { targets: ['d:1'], labels: {} },
    ]);
  });

  it('is refused for a job with another path', () => {
    expect(addScrapeTarget(FILE, { job: 'node', target: 'x:1', path: '/other' })).toMatchObject({
      ok: false,
      problems: [{ line: 7, path: 'scrape_configs' }],
    });
  });

  it.each(['', '# only a comment\n', 'scrape_configs:\n', 'scrape_configs: []\n', 'global: {}\n'])(
    'works from %j',
    async (text) => {
      const after = textOf(addScrapeTarget(text, { job: 'a', target: 'h:1' }));
      expect((await loadValue(after)).scrapeConfigs[0]?.staticConfigs).toEqual([{ targets: ['h:1'], labels: {} }]);
      expect(after).toContain('- job_name: a\n');
    },
  );

  it.each(['scrape_configs: {a: b}', '- a', 'a: [', 'scrape_configs: 5'])('is refused in %j', (text) => {
    expect(addScrapeTarget(text, { job: 'a', target: 'h:1' }).ok).toBe(false);
  });
});

describe('adding a check or a log', () => {
  it('appends to its section in the style of the file', () => {
    const text = 'checks:\n- name: a\n  http: {url: "http://a"}\n';
    const after = textOf(addCheck(text, { name: 'b', url: 'http://b', interval: '30s', json: ['$.ok == true'] }));
    expect(after).toBe(
      `${text}- name: b\n  interval: 30s\n  http:\n    url: http://b\n    json:\n    - $.ok == true\n`,
    );
  });

  it('does not replace one of the same name', () => {
    const text = 'checks: [{name: a, http: {url: "http://a"}}]';
    expect(addCheck(text, { name: 'a', url: 'http://b' })).toMatchObject({ ok: false });
  });

  it('makes the section', async () => {
    const after = textOf(addLogSource('host: {}\n', { name: 'l', files: ['/var/log/*.log'] }));
    expect((await loadValue(after)).logs).toEqual([
      { name: 'l', type: 'application', files: ['/var/log/*.log'], labels: {}, metrics: [] },
    ]);
  });
});

describe('changing a setting', () => {
  it('changes its line alone', () => {
    const after = textOf(changeSetting(FILE, 'global.scrape_interval', '5s'));
    expect(changes(FILE, after)).toEqual(['-  scrape_interval: 15s   # often', '+  scrape_interval: 5s # often']);
  });

  it('makes the sections above it, and takes it out again', async () => {
    const with5s = textOf(changeSetting('# mine\nhost:\n', 'retention.metrics.raw', '3d'));
    expect((await loadValue(with5s)).retention.metrics.rawMs).toBe(3 * 86_400_000);
    const without = textOf(changeSetting(with5s, 'retention.metrics.raw', null));
    expect(await loadValue(without)).toEqual(await loadValue(''));
    expect(without).toContain('# mine');
  });

  it('keeps the line ends of Windows', () => {
    expect(textOf(changeSetting('host:\r\n  interval: 5s\r\n', 'host.interval', '6s'))).toBe(
      'host:\r\n  interval: 6s\r\n',
    );
  });

  it('is refused for what is no setting and where the file says something else', () => {
    expect(changeSetting('', 'host.color', 'red').ok).toBe(false);
    expect(changeSetting('host: [a]', 'host.interval', '5s').ok).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { importMonitoringConfig } from '../../../electron/engine/config/import-monitoring-config.ts';
import { brief, load, loadProblems, loadValue } from './memory-files.ts';

const TEXT = `{
  "logging": {"level": "INFO", "retention_days": 30},
  "performance": {"collection_interval": 30, "auto_start": true},
  "alerting": {"notifications": {"email": {"enabled": true, "smtp_host": "smtp.example"}}}
}`;

describe('a monitoring_config.json', () => {
  it('is a main file of its own form', async () => {
    const value = await loadValue(TEXT);
    const days = 30 * 86_400_000;
    expect(value.retention.logs).toMatchObject({ application: days, error: days, business: days, access: days });
    expect(value.host).toEqual({ enabled: true, intervalMs: 30_000 });
    expect(value.ruleGroups.map(({ file }) => file)).toEqual(['', '', '']);
  });

  it('warns about the mail that it asks for', async () => {
    const loaded = await load(TEXT);
    expect(loaded.ok && brief(loaded.warnings)).toEqual(['vedette.yml:4:34 Nothing can be sent through email yet.']);
  });

  it('tells what is wrong at the place in its own form', async () => {
    const wrong = await loadProblems('{"logging": {"retention_days": -3, "levle": "INFO"}}');
    expect(brief(wrong)).toEqual([
      'vedette.yml:1:32 "-3d" is not a duration.',
      'vedette.yml:1:36 Unknown key "levle".',
    ]);
  });

  it('is translated into sections of a main file', () => {
    expect(importMonitoringConfig(TEXT)).toMatchObject({
      ok: true,
      sections: { host: { interval: '30s', enabled: 'true' }, retention: { logs: { error: '30d' } } },
    });
  });

  it('does not swallow a main file that holds a section by mistake', async () => {
    expect(brief(await loadProblems('host: {}\nlogging: {}'))).toEqual(['vedette.yml:2:1 Unknown key "logging".']);
  });
});

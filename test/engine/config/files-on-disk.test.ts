import { chmod, mkdtemp, readFile, readdir, rename, rm, stat, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkFiles } from '../../../electron/engine/config/check-files.ts';
import { defaultConfigFile } from '../../../electron/engine/config/default-config-file.ts';
import { initConfiguration } from '../../../electron/engine/config/init-configuration.ts';
import { loadConfiguration } from '../../../electron/engine/config/load-configuration.ts';
import { saveConfiguration } from '../../../electron/engine/config/save-configuration.ts';
import { watchConfiguration } from '../../../electron/engine/config/watch-configuration.ts';
import { createManualClock } from '../../doubles/manual-clock.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vedette-config-'));
});
afterEach(async () => {
  await rm(directory, { recursive: true });
});

describe('the first start', () => {
  it('writes a configuration that loads, with the default rules', async () => {
    const { file, created } = await initConfiguration(join(directory, 'new'));
    expect(created).toHaveLength(2);
    const loaded = await loadConfiguration({ file, environment: {} });
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
    expect(loaded.warnings).toEqual([]);
    expect(loaded.value.ruleFiles).toEqual([join(directory, 'new', 'rules', 'default.yml')]);
    expect(loaded.value.ruleGroups.map(({ name }) => name)).toEqual(['host', 'services', 'vedette']);
  });

  it('never overwrites, and does not bring removed rules back', async () => {
    const { file, created } = await initConfiguration(directory);
    await writeFile(file, 'host: {}');
    await unlink(created[0] ?? '');
    expect(await initConfiguration(directory)).toEqual({ file, created: [] });
    expect(await readFile(file, 'utf8')).toBe('host: {}');
  });
});

describe('the default place', () => {
  it.each([
    ['linux', { HOME: '/home/a' }, '/home/a/.config/vedette/vedette.yml'],
    ['linux', { HOME: '/home/a', XDG_CONFIG_HOME: '/x' }, '/x/vedette/vedette.yml'],
    ['linux', { XDG_CONFIG_HOME: 'relative' }, '/home/b/.config/vedette/vedette.yml'],
    ['darwin', { HOME: '/Users/a' }, '/Users/a/Library/Application Support/Vedette/vedette.yml'],
    ['win32', { APPDATA: 'C:\\Users\\a\\AppData\\Roaming' }, 'C:\\Users\\a\\AppData\\Roaming\\Vedette\\vedette.yml'],
  ] as const)('on %s with %j is %s', (platform, environment, file) => {
    expect(defaultConfigFile(environment, platform, '/home/b')).toBe(file);
  });
});

describe('saving', () => {
  it('replaces the text, keeps link and permissions, and leaves nothing behind', async () => {
    const real = join(directory, 'real.yml');
    const link = join(directory, 'link.yml');
    await writeFile(real, 'old');
    await chmod(real, 0o640);
    await symlink(real, link);
    expect(await saveConfiguration(link, 'new', 'old')).toEqual({ ok: true });
    expect(await readFile(real, 'utf8')).toBe('new');
    expect((await stat(real)).mode & 0o777).toBe(0o640);
    expect(await readdir(directory)).toEqual(['link.yml', 'real.yml']);
  });

  it('refuses to overwrite what somebody else wrote', async () => {
    const file = join(directory, 'a.yml');
    await writeFile(file, 'theirs');
    expect(await saveConfiguration(file, 'mine', 'old')).toMatchObject({ ok: false, currentText: 'theirs' });
    expect(await saveConfiguration(file, 'mine', null)).toMatchObject({ ok: false });
    expect(await readFile(file, 'utf8')).toBe('theirs');
  });

  it('makes a file that must not exist', async () => {
    const file = join(directory, 'a.yml');
    expect(await saveConfiguration(file, 'mine', null)).toEqual({ ok: true });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });
});

describe('watching', () => {
  /** Let the clock run until so many calls came; a look at the disk between the steps gives the watcher's own time. */
  async function settle(
    clock: ReturnType<typeof createManualClock>,
    calls: { readonly count: number },
    until: number,
  ): Promise<void> {
    for (let turn = 0; turn < 300 && calls.count < until; turn += 1) {
      await clock.run(100);
      await readdir(directory);
    }
  }

  it('tells a change, a replacement, a removal and a new file that a pattern finds, once each', async () => {
    const file = join(directory, 'a.yml');
    await writeFile(file, 'one');
    const clock = createManualClock();
    const calls = { count: 0 };
    const stop = watchConfiguration({
      files: [file, join(directory, '*.rules')],
      clock,
      onChange: () => (calls.count += 1),
      pollMs: 1000,
    });
    await settle(clock, { count: 0 }, 1);
    expect(calls.count).toBe(0);

    await writeFile(file, 'longer');
    await settle(clock, calls, 1);
    expect(calls.count).toBe(1);

    await writeFile(join(directory, '.a.swp'), 'six666');
    await rename(join(directory, '.a.swp'), file);
    await settle(clock, calls, 2);
    expect(calls.count).toBe(2);

    await writeFile(join(directory, 'x.rules'), '');
    await settle(clock, calls, 3);
    expect(calls.count).toBe(3);

    await unlink(file);
    await settle(clock, calls, 4);
    expect(calls.count).toBe(4);

    await writeFile(join(directory, 'unrelated.txt'), '');
    await settle(clock, { count: 0 }, 1);
    expect(calls.count).toBe(4);
    stop();
    expect(clock.pendingTimers()).toBe(0);
  });

  it('tells nothing after it was stopped', async () => {
    const file = join(directory, 'a.yml');
    const clock = createManualClock();
    const calls = { count: 0 };
    const stop = watchConfiguration({ files: [file], clock, onChange: () => (calls.count += 1) });
    stop();
    await writeFile(file, 'new');
    await settle(clock, { count: 0 }, 1);
    expect(calls.count).toBe(0);
  });
});

describe('checking files', () => {
  it('tells for each what it holds or what is wrong with it', async () => {
    const rules = join(directory, 'rules.yml');
    const config = join(directory, 'config.yml');
    const alertmanager = join(directory, 'am.yml');
    await writeFile(rules, 'groups: [{name: g, rules: [{alert: A, expr: up}, {record: r, expr: up}]}]');
    await writeFile(config, 'rule_files: [rules.yml]\nscrape_configs: [{job_name: a}]');
    await writeFile(alertmanager, 'route: {receiver: none}');
    const ports = { environment: {} };
    expect(await checkFiles('config', [config], ports)).toMatchObject([
      { file: config, ok: true, counts: { scrapeConfigs: 1, ruleFiles: 1, rules: 2 } },
    ]);
    expect(await checkFiles('rules', [rules, join(directory, 'none.yml')], ports)).toMatchObject([
      { ok: true, counts: { ruleGroups: 1, rules: 2, alerts: 1, records: 1 } },
      { ok: false, problems: [{ message: 'The file does not exist.' }] },
    ]);
    expect(await checkFiles('alertmanager', [alertmanager], ports)).toMatchObject([
      { ok: false, problems: [{ line: 1, column: 19 }], counts: {} },
    ]);
  });
});

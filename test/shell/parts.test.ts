import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openLogFile } from '../../electron/engine/log-file.ts';
import { workerUrls } from '../../electron/engine/threads/worker-urls.ts';
import { createLog } from '../../electron/engine/write-log.ts';
import { keepFresh } from '../../electron/shell/keep-fresh.ts';
import { readStartArguments } from '../../electron/shell/start-arguments.ts';
import {
  DEFAULT_PREFERENCES,
  preferencesSchema,
  readPreferences,
  spokenLanguage,
} from '../../shared/model/preferences.ts';
import { deepLinkPath } from '../../shared/security/deep-link.ts';
import { createManualClock } from '../doubles/manual-clock.ts';

describe('a link from outside', () => {
  it.each([
    ['vedette://alert/59b7fb410dd13e8c', '/alerts?alert=59b7fb410dd13e8c'],
    ['vedette://overview', '/'],
    ['vedette://logs/', '/logs'],
    ['vedette://settings?then=run#x', '/settings'],
  ])('%s leads to %s', (url, path) => {
    expect(deepLinkPath(url)).toBe(path);
  });

  it.each([
    'vedette://alert/',
    'vedette://alert/../../settings',
    'vedette://alert/a%2f..%2fb',
    'vedette://alert/<script>',
    'vedette://elsewhere',
    'vedette://logs/deeper',
    'vedette://user@logs',
    'vedette://logs:80',
    'vedette://constructor',
    'https://vedette/logs',
    'app://vedette/logs',
    'javascript:alert(1)',
    '/logs',
    '',
  ])('%s leads nowhere', (url) => {
    expect(deepLinkPath(url)).toBeNull();
  });
});

describe('the command line of the desktop application', () => {
  it('is read among the switches of Chromium', () => {
    const argv = ['/usr/bin/vedette', '--no-sandbox', '--hidden', '--data', '/d', '--config=/c.yml', 'vedette://logs'];
    expect(readStartArguments(argv)).toEqual({
      isHidden: true,
      configFile: '/c.yml',
      dataDirectory: '/d',
      listen: { host: '127.0.0.1', port: 9777 },
      isClosed: false,
      path: '/logs',
    });
  });

  it.each(['0.0.0.0:80', '192.0.2.1:9777', 'example.com:9777', '127.0.0.1', ':9777'])(
    'listens on this machine alone, whatever it says: %s',
    (listen) => {
      expect(readStartArguments(['vedette', '--listen', listen]).listen).toEqual({ host: '127.0.0.1', port: 9777 });
    },
  );

  it('takes another port of this machine', () => {
    expect(readStartArguments(['vedette', '--listen', '[::1]:0']).listen).toEqual({ host: '::1', port: 0 });
  });
});

describe('preferences', () => {
  it('change one at a time', () => {
    expect(preferencesSchema.partial().parse({ theme: 'dark' })).toEqual({ theme: 'dark' });
  });

  it('fall back to their defaults one by one where what was stored does not fit', () => {
    const stored = { theme: 'dark', language: 'tlh', closeToTray: false, unknown: 1 };
    expect(readPreferences(stored)).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark', closeToTray: false });
    expect(readPreferences('nonsense')).toEqual(DEFAULT_PREFERENCES);
  });

  it('follow the system to a language that we have', () => {
    expect(spokenLanguage(DEFAULT_PREFERENCES, 'zh-TW')).toBe('zh-CN');
    expect(spokenLanguage(DEFAULT_PREFERENCES, 'de-DE')).toBe('en');
    expect(spokenLanguage({ ...DEFAULT_PREFERENCES, language: 'en' }, 'zh-CN')).toBe('en');
  });
});

describe('what is kept fresh', () => {
  it('runs at once, joins what comes too soon, and runs again by itself', async () => {
    const clock = createManualClock();
    let runs = 0;
    const kept = keepFresh({
      atMostEveryMs: 2_000,
      atLeastEveryMs: 15_000,
      clock,
      run() {
        runs += 1;
        return Promise.resolve();
      },
    });
    const pass = (ms: number): Promise<void> => clock.run(ms);
    kept.request();
    kept.request();
    kept.request();
    expect(runs).toBe(1);
    await pass(2_000);
    expect(runs).toBe(2);
    await pass(14_999);
    expect(runs).toBe(2);
    await pass(1);
    expect(runs).toBe(3);
    kept.stop();
    await pass(60_000);
    expect(runs).toBe(3);
  });
});

describe('the log of the program', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'log-'));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('is one line per entry, whatever a stranger put into it', () => {
    const lines: string[] = [];
    const log = createLog({ write: (line) => lines.push(line), minimum: 'info', clock: { now: () => 0 } });
    log('debug', 'left out');
    log('warn', 'two\nlines', { target: 'api', reason: 'a "quoted" word', count: 3, none: null });
    expect(lines).toEqual([
      '1970-01-01T00:00:00.000Z WARN  two\\nlines target=api reason="a \\"quoted\\" word" count=3 none=null\n',
    ]);
  });

  it('is rotated by size and keeps a few files', () => {
    const file = openLogFile({ directory, name: 'v.log', maxBytes: 10, keep: 3 });
    for (const line of ['first..\n', 'second.\n', 'third..\n', 'fourth.\n']) file.write(line);
    file.close();
    expect(readFileSync(join(directory, 'v.log'), 'utf8')).toBe('fourth.\n');
    expect(readFileSync(join(directory, 'v.log.1'), 'utf8')).toBe('third..\n');
    expect(readFileSync(join(directory, 'v.log.2'), 'utf8')).toBe('second.\n');
    expect(existsSync(join(directory, 'v.log.3'))).toBe(false);
  });

  it('goes on in the file of the last start', () => {
    for (const line of ['one\n', 'two\n']) {
      const file = openLogFile({ directory, name: 'v.log', maxBytes: 100, keep: 3 });
      file.write(line);
      file.close();
    }
    expect(readFileSync(join(directory, 'v.log'), 'utf8')).toBe('one\ntwo\n');
  });
});

describe('the scripts of the workers', () => {
  it('lie beside the bundle, and in the engine from source', () => {
    expect(workerUrls('file:///app/dist/electron/main.js').metrics.href).toBe(
      'file:///app/dist/electron/metrics-worker.js',
    );
    expect(workerUrls('file:///app/electron/main.ts').logs.href).toBe(
      'file:///app/electron/engine/threads/logs-worker.ts',
    );
  });
});

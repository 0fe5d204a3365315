import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DoubleApp, startDouble, type DoubleOptions } from '../doubles/electron/start-double.ts';
import { startServer } from '../doubles/http-server.ts';
import type { ShownWindow } from '../e2e/os-recorder.ts';
import { until } from '../e2e/until.ts';
import { callDesktop } from './desktop-http.ts';

let directory: string;
let dataDirectory: string;
const started: DoubleApp[] = [];

/** A machine of its own: a configuration that watches nothing, and an empty data directory. */
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'starts-'));
  dataDirectory = join(directory, 'data');
  mkdirSync(dataDirectory);
  writeFileSync(join(directory, 'vedette.yml'), 'host: {enabled: false}\n');
});
afterEach(async () => {
  for (const app of started.splice(0)) await app.remove();
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

function start(args: readonly string[] = [], options: Omit<DoubleOptions, 'args'> = {}): DoubleApp {
  const own = ['--config', join(directory, 'vedette.yml'), '--data', dataDirectory, '--listen', '127.0.0.1:0'];
  const app = startDouble({ ...options, args: [...own, ...args] });
  started.push(app);
  return app;
}

const listening = (app: DoubleApp): Promise<boolean> =>
  until('the application runs', () => app.output().includes('Listening on'));
const windows = (app: DoubleApp): Promise<ShownWindow[]> => app.command<ShownWindow[]>('windows');

describe('a start of the desktop application', () => {
  it('shows every problem of the configuration at once, and ends', async () => {
    writeFileSync(
      join(directory, 'vedette.yml'),
      'global: {scrape_interval: soon}\nscrape_configs:\n  - {job_nam: a}\n',
    );
    const app = start();
    expect(await app.exited).toBe(1);
    const [, box = ''] = app.output().split('error box: ');
    expect(box).toMatch(/^The configuration has \d problems\./);
    expect(box).toMatch(/vedette\.yml:1:\d+.*soon/);
    expect(box).toMatch(/vedette\.yml:3:\d+.*job_nam/);
  });

  it('leaves a data directory alone that another instance uses', async () => {
    const first = start(['--hidden']);
    await listening(first);
    const second = start(['--hidden']);
    expect(await second.exited).toBe(1);
    expect(second.output()).toContain(`Another instance of Vedette uses ${dataDirectory}`);
  });

  it('goes on without HTTP when its port is taken, and says so', async () => {
    const other = await startServer((_request, response) => response.end());
    const app = start(['--listen', other.address]);
    await until(
      'the window',
      () => windows(app),
      (all) => all.length === 1,
    );
    expect(app.output()).toContain(`Port ${other.address.split(':')[1] ?? ''} is in use by another program`);
    await app.page();
    expect(await app.quit()).toBe(0);
    await other.close();
  });

  it('opens at the page of the link that started it', async () => {
    const app = start(['vedette://settings']);
    const page = await app.page();
    expect(new URL(page.url()).pathname).toBe('/settings');
  });

  it('speaks the language of the system', async () => {
    const app = start(['--hidden'], { env: { ELECTRON_DOUBLE_LOCALE: 'zh-CN' } });
    const tray = await until(
      'the tray has a menu',
      () => app.command<{ tooltip: string } | null>('tray'),
      (now) => (now?.tooltip ?? '') !== '',
    );
    expect(tray?.tooltip).toBe('Vedette: ● 一切正常');
  });

  it('opens its window in spite of --hidden where the desktop shows no tray icons, and closing it ends', async () => {
    const app = start(['--hidden'], { hasTrayHost: false });
    await until(
      'the window',
      () => windows(app),
      (all) => all.length === 1,
      20_000,
    );
    expect(await app.command('tray')).toBeNull();
    await app.page();
    await app.command('closeWindow');
    expect(await app.exited).toBe(0);
  }, 30_000);

  it('goes on when the terminal that started it is closed', async () => {
    const app = start(['--hidden']);
    await listening(app);
    app.closeOutput();
    await callDesktop(app, dataDirectory, 'POST', '/system/reload', {});
    await callDesktop(app, dataDirectory, 'POST', '/system/reload', {});
    const log = readFileSync(join(app.profile, 'logs/vedette.log'), 'utf8');
    expect(log.match(/The configuration was read again/g)).toHaveLength(2);
    expect(await app.asked('messageBox')).toEqual([]);
    expect(await app.quit()).toBe(0);
  });

  it('ends in order when the machine is shut down, which waits for it', async () => {
    const app = start(['--hidden']);
    await listening(app);
    expect(await app.command('shutdown')).toBe(true);
    expect(await app.exited).toBe(0);
  });

  it('ends in order on a signal', async () => {
    const app = start(['--hidden']);
    await listening(app);
    process.kill(app.pid, 'SIGTERM');
    expect(await app.exited).toBe(0);
  });
});

describe('a popup', () => {
  it('that the desktop refuses counts as not delivered, with its reason', async () => {
    const app = start(['--hidden'], { env: { ELECTRON_DOUBLE_NOTIFICATIONS: 'refused' } });
    const outcome = await callDesktop(app, dataDirectory, 'POST', '/notifications/test');
    expect(outcome).toMatchObject({ outcome: 'failed', message: 'the application is not signed' });
  });

  it('of a desktop without any for Electron goes through node-notifier', async () => {
    const app = start(['--hidden'], { env: { ELECTRON_DOUBLE_NOTIFICATIONS: 'none' } });
    const shown = join(directory, 'shown');
    writeFileSync(join(app.profile, 'bin/notify-send'), `#!/bin/sh\necho "$1" >> '${shown}'\n`, { mode: 0o755 });
    const outcome = await callDesktop(app, dataDirectory, 'POST', '/notifications/test');
    expect(outcome).toMatchObject({ outcome: 'delivered' });
    expect(readFileSync(shown, 'utf8')).not.toBe('');
  });
});

describe('a secret that is stored over the contract', () => {
  it('is listed by its name alone, lies as ciphertext, and can be removed', async () => {
    const app = start(['--hidden']);
    await callDesktop(app, dataDirectory, 'PUT', '/secrets/hook', { value: 'correct horse battery' });
    expect(await callDesktop(app, dataDirectory, 'GET', '/secrets')).toEqual(['hook']);
    expect(readFileSync(join(app.profile, 'userData/desktop.json'), 'utf8')).not.toMatch(/correct|horse|battery/);
    expect(app.output()).not.toMatch(/correct|horse|battery/);
    await callDesktop(app, dataDirectory, 'DELETE', '/secrets/hook', {});
    expect(await callDesktop(app, dataDirectory, 'GET', '/secrets')).toEqual([]);
  });
});

describe('a secret', () => {
  const main = join(import.meta.dirname, 'mains/secrets.ts');
  const stored = (app: DoubleApp): string => readFileSync(join(app.profile, 'userData/desktop.json'), 'utf8');

  it('is stored as ciphertext alone, and read back', async () => {
    const app = startDouble({ main });
    started.push(app);
    expect(await app.command('read', 'smtp')).toBeNull();
    await app.command('write', { name: 'smtp', value: 'correct horse battery' });
    expect(stored(app)).toContain('smtp');
    expect(stored(app)).not.toMatch(/correct|horse|battery/);
    expect(stored(app)).not.toContain(Buffer.from('correct horse battery').toString('base64'));
    expect(await app.command('read', 'smtp')).toBe('correct horse battery');
  });

  it('is not taken where nothing can keep it', async () => {
    const app = startDouble({ main, env: { ELECTRON_DOUBLE_KEYCHAIN: 'none' } });
    started.push(app);
    expect(await app.command('strength')).toBe('none');
    await expect(app.command('write', { name: 'smtp', value: 'x' })).rejects.toThrow('has no keychain');
    expect(stored(app)).not.toContain('smtp');
  });

  it('is known to be weakly kept where the system knows no keyring', async () => {
    const app = startDouble({ main, env: { ELECTRON_DOUBLE_KEYCHAIN: 'basic_text' } });
    started.push(app);
    expect(await app.command('strength')).toBe('weak');
  });
});

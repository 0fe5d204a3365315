import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoubleApp, startDouble } from '../doubles/electron/start-double.ts';

/**
 * What the double of Electron promises: to do the thing, to refuse what Electron refuses, and to name what it does not
 * have. Types are held to Electron's by test/doubles/electron/fidelity.ts.
 */
const PRELOAD = `
const { contextBridge, ipcRenderer } = require('electron');
let refused = null;
try { require('node:fs'); } catch (error) { refused = String(error); }
contextBridge.exposeInMainWorld('bridge', {
  refused,
  connect(message) {
    const { port1, port2 } = new MessageChannel();
    ipcRenderer.postMessage('test:port', message, [port1]);
    window.postMessage('port', location.origin, [port2]);
  },
});
`;

interface Bridge {
  readonly refused: string | null;
  connect(message: unknown): void;
}
declare const bridge: Bridge;

let folder: string;
let app: DoubleApp;
let page: Page;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'double-'));
  const preload = join(folder, 'preload.cjs');
  writeFileSync(preload, PRELOAD);
  app = startDouble({ main: join(import.meta.dirname, 'mains/fidelity.ts'), env: { TEST_PRELOAD: preload } });
  page = await app.page();
});
afterAll(async () => {
  await app.remove();
  rmSync(folder, { recursive: true });
});

describe('the double of Electron', () => {
  it('refuses before ready what Electron refuses then', async () => {
    const refused = await app.command<Record<string, string | null>>('beforeReady');
    for (const [what, error] of Object.entries(refused)) expect(error, what).toContain('before the app is ready');
  });

  it('refuses after ready what must be said before', async () => {
    const after = await app.command<Record<string, string>>('afterReady');
    expect(after['scheme']).toContain('must be called before the app is ready');
    expect(after['sandbox']).toContain('must be called before the app is ready');
  });

  it('refuses a second handler, and an image that is not there', async () => {
    const after = await app.command<Record<string, string>>('afterReady');
    expect(after['secondScheme']).toContain('a second handler for the scheme "app"');
    expect(after['secondHandler']).toContain('a second handler for "once"');
    expect(after['missingImage']).toContain('/no/such/image.png does not exist');
  });

  it('names what it does not have', async () => {
    const after = await app.command<Record<string, string>>('afterReady');
    expect(after['missing']).toContain('app.getGPUFeatureStatus is not implemented');
    expect(after['missingOfWindow']).toContain('BrowserWindow.setKiosk is not implemented');
    expect(after['missingOfSession']).toContain('session.clearCache is not implemented');
  });

  it('gives a preload electron and nothing else', async () => {
    expect(await page.evaluate(() => bridge.refused)).toContain('may not require node:fs');
    expect(await page.evaluate(() => Object.isFrozen(bridge))).toBe(true);
    expect(await page.evaluate(() => 'require' in globalThis || 'process' in globalThis)).toBe(false);
  });

  it('runs a preload in the top frame alone', async () => {
    const frame = page.frames().find((one) => one.url().endsWith('frame.html'));
    expect(await frame?.evaluate(() => 'bridge' in globalThis || '__electronDoubleToMain' in globalThis)).toBe(false);
  });

  it('carries text and bytes both ways, in order, what was sent before the port was started too', async () => {
    const answers = await page.evaluate(
      () =>
        new Promise<string[]>((done) => {
          const received: string[] = [];
          window.addEventListener('message', ({ data, ports: [port] }) => {
            if (data !== 'port' || port === undefined) return;
            port.onmessage = ({ data: answer }: MessageEvent<string | Uint8Array>) => {
              received.push(typeof answer === 'string' ? answer : `bytes ${[...answer].join(',')}`);
              if (received.length === 3) done(received);
            };
            port.postMessage('first');
            port.postMessage(new Uint8Array([0, 127, 255]));
            port.postMessage('third');
          });
          bridge.connect({ hello: [1, 2] });
        }),
    );
    expect(answers).toEqual(['first', 'bytes 0,127,255', 'third']);
  });

  it('tells the main process who sent a message, under the address that the application knows', async () => {
    expect((await app.command<unknown[]>('heard')).at(-1)).toEqual({
      message: { hello: [1, 2] },
      url: 'app://host/page.html',
      isTop: true,
    });
  });

  it('refuses to send what cannot be cloned', async () => {
    const error = await page.evaluate(() => {
      try {
        bridge.connect(() => undefined);
        return null;
      } catch (cause) {
        return String(cause);
      }
    });
    expect(error).toContain('could not be cloned');
  });

  it('keeps a secret as something else than its text', async () => {
    const { encrypted, result } = await app.command<{ encrypted: string; result: string }>('secret');
    expect(encrypted).not.toContain('hunter2');
    expect(result).toBe('hunter2');
  });

  it("never loads npm's electron, which would download a binary", () => {
    expect(app.output()).not.toMatch(/Downloading|electron\/index\.js/);
  });
});

import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { CONTENT_SECURITY_POLICY, SECURITY_HEADERS } from '../shared/security/content-security-policy.ts';
import { mayOpenExternally } from '../shared/security/external-url.ts';
import { isOurUrl } from '../shared/security/our-url.ts';
import { type DoubleApp, startDouble } from './doubles/electron/start-double.ts';
import { until } from './e2e/until.ts';
import { type Alarm, startAlarm } from './shell/alarm.ts';

/**
 * Electron's checklist of twenty items ("Security", docs/tutorial/security.md), each proved on the application that ships
 * from `dist/`, on the double. The number in front of a name is the item's.
 */
const ROOT = resolve(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

let alarm: Alarm;
let app: DoubleApp;
let page: Page;

beforeAll(async () => {
  alarm = await startAlarm();
  app = startDouble({ args: alarm.args });
  page = await app.page();
  await page.locator('nav').first().waitFor();
});
afterAll(async () => {
  await app.remove();
  await alarm.remove();
});

const windowOptions = async (): Promise<Record<string, unknown>> =>
  (await app.asked('window'))[0]?.detail as Record<string, unknown>;

/** Addresses that look like ours or would do harm; none of them is a page of ours. */
const FOREIGN = [
  'https://example.com/',
  'http://evil.example/?next=app://vedette/',
  'http://evil.example/#app://vedette/',
  'https://vedette/',
  'app://vedette.evil.example/',
  'app://evil/',
  'app://vedette@evil.example/',
  'app://user@vedette/',
  'app://vedette:8080/',
  'file:///etc/passwd',
  'data:text/html,<script>1</script>',
  'javascript:alert(1)',
  'about:blank',
  'blob:app://vedette/1',
  'not a url',
  '',
];

describe('pages', () => {
  it('1: load everything from our own scheme, on every page', async () => {
    for (const path of ['/services', '/explore', '/logs', '/alerts', '/settings', '/']) {
      await page.goto(new URL(path, page.url()).href);
      await page.locator('nav').first().waitFor();
    }
    const requests = (await app.asked('request')).map(({ detail }) => String(detail));
    expect(requests.length, 'requests examined').toBeGreaterThan(20);
    expect(requests.filter((url) => !url.startsWith('app://vedette/'))).toEqual([]);
    expect(await app.asked('refusedRequest')).toEqual([]);
  });

  it('2, 3, 4, 6, 8, 9, 10, 11: run with exactly these preferences', async () => {
    expect((await windowOptions())['webPreferences']).toEqual({
      preload: join(ROOT, 'dist/electron/preload.cjs'),
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webviewTag: false,
    });
  });

  it('4: are sandboxed as a whole, before the application is ready', async () => {
    // The double throws when it is asked too late.
    expect(await app.asked('enableSandbox')).toHaveLength(1);
  });

  it('12: may not embed a webview', async () => {
    expect(await app.command('emitContents', { event: 'will-attach-webview', detail: {} })).toBe(true);
  });

  it.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('13: stay ours: %s', async (event) => {
    for (const url of FOREIGN) {
      expect(await app.command('emitContents', { event, detail: { url } }), `${event} to "${url}"`).toBe(true);
    }
    expect(await app.command('emitContents', { event, detail: { url: 'app://vedette/alerts?alert=1' } })).toBe(false);
  });

  it('20: see nothing of Node, of Electron or of the bridge behind them', async () => {
    const leaks = await page.evaluate(() => {
      const names = ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer', 'electron', '__dirname'];
      return names.filter((name) => name in globalThis);
    });
    expect(leaks).toEqual([]);
    expect(await page.evaluate(() => typeof (globalThis as Record<string, unknown>)['__electronDoubleToMain'])).toBe(
      'undefined',
    );
  });

  it('20: get a frozen object with a platform and one function, and nothing else', async () => {
    const bridge = await page.evaluate(() => {
      const { vedetteDesktop } = globalThis as unknown as { vedetteDesktop: object };
      return {
        frozen: Object.isFrozen(vedetteDesktop),
        entries: Object.entries(vedetteDesktop).map(([k, v]) => [k, typeof v]),
      };
    });
    expect(bridge.frozen).toBe(true);
    expect(bridge.entries.toSorted()).toEqual([
      ['connect', 'function'],
      ['platform', 'string'],
    ]);
  });

  it('20: have a preload that requires electron alone and hands over nothing of its events', () => {
    const preload = read('dist/electron/preload.cjs');
    const required = [...preload.matchAll(/require\(["']([^"']+)["']\)/g)].map(([, name]) => name);
    expect(required).toEqual(['electron']);
    expect(preload).not.toMatch(/ipcRenderer\.(on|once|invoke|send|sendSync)\b/);
    expect(preload.split('\n').length).toBeLessThan(40);
  });
});

describe('permissions', () => {
  /** Every name of Electron's typings, so that a new one is examined by itself. */
  const typings = read('node_modules/electron/electron.d.ts');
  const names = [
    ...new Set(typings.matchAll(/set(?:PermissionRequest|PermissionCheck)Handler\(handler: .*$/gm)),
  ].flatMap(([line]) => [...line.matchAll(/'([\w-]+)'/g)].map(([, name]) => name ?? ''));
  const GRANTED = ['clipboard-sanitized-write', 'fullscreen'];

  it('5: are refused, but for the two that a row of the table gives a reason for', async () => {
    const all = [...new Set([...names, 'unknown', 'something-new', 'toString'])];
    expect(all.length, 'names examined').toBeGreaterThan(40);
    const granted: string[] = [];
    for (const name of all) {
      const { requested, checked } = await app.command<{ requested: boolean; checked: boolean }>('permission', name);
      expect(requested, `"${name}" is requested and checked alike`).toBe(checked);
      if (requested) granted.push(name);
    }
    expect(granted.toSorted()).toEqual(GRANTED);
  });
});

describe('the content security policy', () => {
  it('7: holds no weakness that csp_evaluator knows', () => {
    const findings = new CspEvaluator(new CspParser(CONTENT_SECURITY_POLICY).csp).evaluate();
    // 'self' is noted because a host may serve uploads or JSONP; ours serves built files alone.
    expect(findings.filter(({ severity, value }) => severity < Severity.INFO && value !== "'self'")).toEqual([]);
  });

  it('7: comes with every answer of our scheme, refusals too', async () => {
    for (const path of ['/', '/alerts', '/no-such-file.js', '/%2e%2e/main.js']) {
      const { headers } = await app.command<{ headers: Record<string, string> }>('fetch', {
        url: `app://vedette${path}`,
      });
      expect(headers, path).toMatchObject(SECURITY_HEADERS);
    }
  });

  it('7: comes with every answer over HTTP', async () => {
    const url = await until('the HTTP address', () => /Listening on (\S+)/.exec(app.output())?.[1] ?? '');
    for (const path of ['/', '/alerts', '/no-such-file.js', '/api/v1/query?query=1', '/-/healthy', '/nothing/here']) {
      const { headers } = await fetch(url + path);
      expect(Object.fromEntries(headers), path).toMatchObject(SECURITY_HEADERS);
    }
  });

  it('7: keeps scripts and styles that were written into the page from running', async () => {
    const result = await page.evaluate(async () => {
      const violated: string[] = [];
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        violated.push(effectiveDirective),
      );
      const script = document.createElement('script');
      script.textContent = 'globalThis.injected = true';
      document.head.append(script);
      const image = document.createElement('img');
      image.setAttribute('onerror', 'globalThis.injected = true');
      image.src = 'https://example.com/pixel.png';
      document.body.append(image);
      const frame = document.createElement('iframe');
      frame.src = 'https://example.com/';
      document.body.append(frame);
      await fetch('https://example.com/').catch(() => undefined);
      await new Promise((done) => setTimeout(done, 100));
      // Only now: a debugger's own evaluation is exempt from the policy until it first waits.
      let evaluated = true;
      try {
        // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- refused here
        new Function('return 1')();
      } catch {
        evaluated = false;
      }
      return { injected: 'injected' in globalThis, evaluated, violated: [...new Set(violated)].toSorted() };
    });
    expect(result.injected).toBe(false);
    expect(result.evaluated).toBe(false);
    for (const directive of ['script-src-elem', 'img-src', 'frame-src', 'connect-src']) {
      expect(result.violated).toContain(directive);
    }
  });

  it('7: is not loosened anywhere in what ships', () => {
    const built = globSync(['dist/electron/**/*.{js,cjs}', 'dist/renderer/**/*.{js,html}'], { cwd: ROOT });
    expect(built.length, 'files examined').toBeGreaterThan(10);
    const loosened = built.filter((file) =>
      /script-src[^;"]*'unsafe-|@vite\/client|localhost:5173|import\.meta\.hot|ELECTRON_RENDERER_URL/.test(read(file)),
    );
    expect(loosened).toEqual([]);
  });
});

describe('addresses outside', () => {
  const ALLOWED = ['https://prometheus.io/docs/', 'https://github.com/vedette', 'https://127.0.0.1/metrics'];
  const REFUSED = [
    'http://prometheus.io/docs/',
    'https://prometheus.io.evil.example/',
    'https://evil.example/?https://prometheus.io',
    'https://user@prometheus.io/',
    'https://user:secret@prometheus.io/',
    'https://prοmetheus.io/',
    'https://xn--prmetheus-d1e.io/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://server/share',
    'ms-msdt:/id PCWDiagnostic',
    'search-ms:query=x',
    'vedette://alerts',
    'app://vedette/',
    'mailto:someone@example.com',
    'data:text/html,x',
    '//prometheus.io/',
    '',
  ];

  it('14: never become windows', async () => {
    for (const url of [...ALLOWED, ...REFUSED]) expect(await app.command('windowOpen', url), url).toBe('deny');
    expect(await app.command<unknown[]>('windows')).toHaveLength(1);
  });

  it('15: are not opened without a person having touched the page', async () => {
    await app.command('input', 'mouseMove');
    for (const url of ALLOWED) await app.command('windowOpen', url);
    expect(await app.asked('openExternal')).toEqual([]);
  });

  it('15: are opened in the browser when they are https, plain, and of a host that is documentation or watched', async () => {
    await app.command('input', 'mouseDown');
    for (const url of [...REFUSED, ...ALLOWED]) await app.command('windowOpen', url);
    expect((await app.asked('openExternal')).map(({ detail }) => detail)).toEqual(ALLOWED);
  });

  it.each(REFUSED)('15: are refused, watched or not: "%s"', (url) => {
    expect(mayOpenExternally(url, ['192.0.2.1'])).toBe(false);
  });

  it.each(FOREIGN)('13: are not ours: "%s"', (url) => {
    expect(isOurUrl(url)).toBe(false);
  });
});

describe('Electron', () => {
  /** Source: endoflife.date/electron and Electron's release schedule: the latest three majors are supported. */
  const SUPPORTED = { asOf: '2026-11-21', majors: [43, 44, 45] } as const;

  it(`16: is of a major that is supported as of ${SUPPORTED.asOf}`, () => {
    const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: Record<string, string> };
    const installed = JSON.parse(read('node_modules/electron/package.json')) as { version: string };
    expect(devDependencies['electron']).toBe(installed.version);
    expect(SUPPORTED.majors).toContain(Number(installed.version.split('.')[0]));
  });

  it('19: is packaged with the fuses that we chose', () => {
    const { electronFuses, asar } = parse(read('electron-builder.yml')) as { electronFuses: object; asar: boolean };
    expect(electronFuses).toEqual({
      runAsNode: false,
      enableCookieEncryption: true,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    });
    expect(asar).toBe(true);
  });
});

describe('messages to the main process', () => {
  const send = (sender: object): Promise<string> =>
    app.command('sendFrom', {
      channel: 'vedette:port',
      url: 'app://vedette/',
      isSubframe: false,
      isForeignWindow: false,
      ...sender,
    });

  it('17: come in by one channel', async () => {
    expect(await app.command('channels')).toEqual({ on: ['vedette:port'], handle: [] });
  });

  it('17: are heard from the top frame of our window', async () => {
    expect(await send({})).toBe('served');
  });

  it('17: are not heard from a frame inside a page, from a window that is not ours, or from a frame that is gone', async () => {
    expect(await send({ isSubframe: true })).toBe('closed');
    expect(await send({ isForeignWindow: true })).toBe('closed');
    expect(await send({ url: null })).toBe('closed');
  });

  it('17: are not heard from any other origin', async () => {
    for (const url of FOREIGN) expect(await send({ url }), url).toBe('closed');
  });

  it('17, 20: name calls of the contract, or fail', async () => {
    const answer = await page.evaluate(
      () =>
        new Promise<string>((done) => {
          window.addEventListener('message', ({ data, ports: [port] }) => {
            if (data !== 'vedette:port' || port === undefined) return;
            port.onmessage = ({ data: bytes }: MessageEvent<unknown>) => {
              done(typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as Uint8Array));
              port.close();
            };
            port.postMessage(JSON.stringify({ i: '1', p: { u: '/system/shell', m: 'POST', b: {} } }));
          });
          (globalThis as unknown as { vedetteDesktop: { connect(): void } }).vedetteDesktop.connect();
        }),
    );
    expect(JSON.parse(answer)).toMatchObject({ p: { s: 404 } });
  });
});

describe('our scheme', () => {
  interface Answer {
    readonly status: number;
    readonly body: string;
  }
  const ask = (url: string, more: object = {}): Promise<Answer> => app.command<Answer>('fetch', { url, ...more });

  it('18: takes the place of file:, and is registered as standard and secure', async () => {
    const [{ detail } = { detail: null }] = await app.asked('schemes');
    expect(detail).toEqual([
      {
        scheme: 'app',
        privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
      },
    ]);
  });

  it('18: serves the interface, and the page for every view of it', async () => {
    const index = await ask('app://vedette/');
    expect(index.status).toBe(200);
    expect(index.body).toBe(read('dist/renderer/index.html'));
    expect(await ask('app://vedette/alerts?alert=1')).toEqual(index);
    expect(await ask('app://vedette/', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
  });

  it.each([
    '/../electron/main.js',
    '/assets/../../electron/main.js',
    '/%2e%2e/electron/main.js',
    '/%2e%2e%2felectron%2fmain.js',
    '/..%5celectron%5cmain.js',
    '/..\\electron\\main.js',
    '/%252e%252e/electron/main.js',
    '/assets/%00.js',
    '/index.html%00.js',
    '/C:/Windows/win.ini',
    '/%ff.js',
    '/%.js',
    '//etc/passwd',
    '/package.json',
    '/electron/main.js',
    '/index.html.map',
    '/.env',
  ])('18: serves nothing for %s', async (path) => {
    const { status, body } = await ask(`app://vedette${path}`);
    // A path without an extension is a view, which gets the page; nothing else may be found.
    if (status === 200) expect(body).toBe(read('dist/renderer/index.html'));
    else expect([400, 404]).toContain(status);
    expect(body).not.toMatch(/electron|root:|devDependencies/);
  });

  it('18: serves no other host, no other method, and no other origin', async () => {
    expect((await ask('app://other/index.html')).status).toBe(404);
    expect((await ask('app://user@vedette/index.html')).status).toBe(404);
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
      expect((await ask('app://vedette/', { method })).status, method).toBe(405);
    }
    expect((await ask('app://vedette/', { initiatorOrigin: 'https://evil.example' })).status).toBe(403);
    expect((await ask('app://vedette/', { initiatorOrigin: 'null' })).status).toBe(403);
    expect((await ask('app://vedette/', { initiatorOrigin: 'app://vedette' })).status).toBe(200);
  });
});

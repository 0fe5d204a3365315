import { expect, test } from 'vitest';
import { chooseProxy } from '../../../../electron/engine/collect/http/choose-proxy.ts';

const given = (url: string, noProxy: string): string | null =>
  chooseProxy(new URL(url), { noProxy, isFromEnvironment: false }, 'http://proxy:3128', {})?.host ?? null;

test('a given proxy is for everything, this machine included, unless exceptions are named', () => {
  expect(given('http://127.0.0.1:9100/metrics', '')).toBe('proxy:3128');
  expect(given('http://127.0.0.1:9100/metrics', 'example.org')).toBeNull();
});

test.each([
  ['http://a.example.org/', 'example.org', null],
  ['http://example.org/', 'example.org', null],
  ['http://notexample.org/', 'example.org', 'proxy:3128'],
  ['http://example.org/', '.example.org', 'proxy:3128'],
  ['http://a.example.org/', '*.example.org', null],
  ['http://10.1.2.3/', '10.0.0.0/8', null],
  ['http://11.1.2.3/', '10.0.0.0/8', 'proxy:3128'],
  ['http://[fd00::1]/', 'fd00::/8', null],
  ['http://h:81/', 'h:80', 'proxy:3128'],
  ['http://h/', 'x, h:80', null],
  ['http://h/', '*', null],
])('%s with no_proxy "%s" goes through %s', (url, noProxy, expected) => {
  expect(given(url, noProxy)).toBe(expected);
});

test('the environment names a proxy for each scheme', () => {
  const environment = { HTTP_PROXY: 'plain:1', https_proxy: 'http://secure:2', NO_PROXY: 'direct' };
  const choose = (url: string): string | null =>
    chooseProxy(new URL(url), { noProxy: '', isFromEnvironment: true }, null, environment)?.host ?? null;
  expect(choose('http://h/')).toBe('plain:1');
  expect(choose('https://h/')).toBe('secure:2');
  expect(choose('https://direct/')).toBeNull();
  expect(choose('http://localhost/')).toBeNull();
});

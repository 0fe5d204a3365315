import { describe, expect, it } from 'vitest';
import { confinePath } from '../../shared/security/confine-path.ts';
import { isOurUrl } from '../../shared/security/our-url.ts';

describe('confining a path', () => {
  it.each([
    ['/', ''],
    ['/index.html', 'index.html'],
    ['/assets/app-1a2b.js', 'assets/app-1a2b.js'],
    ['//assets//x.css', 'assets/x.css'],
    ['/a%20b.txt', 'a b.txt'],
  ])('gives %s as %j', (path, expected) => {
    expect(confinePath(path)).toBe(expected);
  });

  it.each([
    '/../secret',
    '/a/../../b',
    '/%2e%2e/secret',
    '/%252e%252e/secret',
    '/..%2fsecret',
    '/a\\..\\b',
    '/%5c..',
    '/a%00b',
    '/C:/x',
    '/%zz',
    '/./x',
  ])('refuses %s', (path) => {
    expect(confinePath(path)).toBeNull();
  });
});

describe('our own pages', () => {
  it.each(['app://vedette/', 'app://vedette/logs?q=x', 'app://vedette'])('are %s', (url) => {
    expect(isOurUrl(url)).toBe(true);
  });

  it.each([
    'http://evil/?next=app://vedette',
    'app://vedette.evil/',
    'app://evil/',
    'app://user@vedette/',
    'https://vedette/',
    'file:///app://vedette/',
    'javascript:alert(1)',
    'vedette',
    '',
  ])('are not %j', (url) => {
    expect(isOurUrl(url)).toBe(false);
  });
});

import { describe, expect, it } from 'vitest';
import { judgeAccess, LOOPBACK_HOSTS, oneTimeCodes, SESSION_COOKIE } from '../../electron/server/access.ts';

const open = { token: 'secret', openReading: true, allowedHosts: [...LOOPBACK_HOSTS] };
const closed = { ...open, openReading: false };
const request = (headers: Record<string, string>) => ({
  method: 'GET',
  headers: { host: '127.0.0.1:9777', ...headers },
});

describe('judging a request', () => {
  it('lets anyone on loopback read and nobody write', () => {
    expect(judgeAccess(request({}), open)).toEqual({ ok: true, mayWrite: false });
  });

  it('lets the bearer of the token write', () => {
    expect(judgeAccess(request({ authorization: 'Bearer secret' }), open)).toEqual({ ok: true, mayWrite: true });
  });

  it('lets the browser with the session cookie write', () => {
    expect(judgeAccess(request({ cookie: `a=b; ${SESSION_COOKIE}=secret` }), open)).toEqual({
      ok: true,
      mayWrite: true,
    });
  });

  it('refuses a wrong token even where reading is open', () => {
    expect(judgeAccess(request({ authorization: 'Bearer wrong' }), open)).toMatchObject({ ok: false, status: 401 });
  });

  it('treats a cookie of an earlier installation as none where reading is open', () => {
    expect(judgeAccess(request({ cookie: `${SESSION_COOKIE}=old` }), open)).toEqual({ ok: true, mayWrite: false });
    expect(judgeAccess(request({ cookie: `${SESSION_COOKIE}=old` }), closed)).toMatchObject({ ok: false, status: 401 });
  });

  it('asks for the token where reading is closed', () => {
    expect(judgeAccess(request({}), closed)).toMatchObject({ ok: false, status: 401 });
  });

  it.each(['evil.example', 'evil.example:9777', '127.0.0.1.evil.example', ''])('refuses the host %j', (host) => {
    expect(judgeAccess({ method: 'GET', headers: { host } }, open)).toMatchObject({ ok: false, status: 421 });
  });

  it.each([
    'http://evil.example',
    'https://127.0.0.1:9778',
    'null',
    'http://127.0.0.1:9777.evil.example',
    'app://127.0.0.1:9777',
  ])('refuses the origin %s whatever token comes with it', (origin) => {
    expect(judgeAccess(request({ origin, authorization: 'Bearer secret' }), open)).toMatchObject({
      ok: false,
      status: 403,
    });
  });

  it('accepts its own origin', () => {
    expect(judgeAccess(request({ origin: 'http://127.0.0.1:9777' }), open)).toMatchObject({ ok: true });
  });

  it.each(['cross-site', 'same-site'])('refuses what the browser marks as %s', (site) => {
    expect(judgeAccess(request({ 'sec-fetch-site': site }), open)).toMatchObject({ ok: false, status: 403 });
  });
});

describe('a one-time code', () => {
  it('lets in once', () => {
    const codes = oneTimeCodes(() => 0);
    const code = codes.issue();
    expect(codes.redeem(code)).toBe(true);
    expect(codes.redeem(code)).toBe(false);
  });

  it('is void after ten minutes', () => {
    let now = 0;
    const codes = oneTimeCodes(() => now);
    const code = codes.issue();
    now = 10 * 60_000 + 1;
    expect(codes.redeem(code)).toBe(false);
  });

  it('cannot be guessed from another', () => {
    expect(oneTimeCodes(() => 0).redeem('guess')).toBe(false);
  });
});

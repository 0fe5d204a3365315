import { describe, expect, it } from 'vitest';
import { importCompose } from '../../../../electron/engine/config/index.ts';

type CheckSettings = Readonly<Record<string, unknown>>;

const PATH = '/srv/compose.yml';

/** The settings that a health check becomes, with its notes. */
function importTest(test: string, service = ''): { probe: unknown; notes: readonly string[] } {
  const imported = importCompose(`services:\n  web:\n${service}    healthcheck:\n      test: ${test}\n`, PATH);
  if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
  const [check] = imported.checks;
  if (check === undefined) throw new Error(imported.notes.join());
  const { name, interval, timeout, failures_before_down: failures, ...probe } = check.entry as CheckSettings;
  expect([name, interval, timeout, failures]).toEqual(['web', '30s', '30s', 3]);
  return { probe, notes: check.notes };
}

const PORTS = '    ports: ["8080:80", "127.0.0.1:15432:5432", {target: "6379", published: "16379"}]\n';

describe('a health check of a compose file', () => {
  it.each([
    [
      '["CMD", "curl", "-fsS", "http://localhost/health?x=1"]',
      { http: { url: 'http://localhost:8080/health?x=1', status: ['2xx', '3xx'], follow_redirects: false } },
    ],
    ['["CMD-SHELL", "wget -q --spider http://127.0.0.1:80/ || exit 1"]', { http: { url: 'http://localhost:8080/' } }],
    ['["CMD-SHELL", "pg_isready -U app -d shop"]', { postgresql: { address: '127.0.0.1:15432' } }],
    ['nc -zv -w 3 localhost 5432 || exit 1', { tcp: { address: '127.0.0.1:15432' } }],
    ['redis-cli ping', { redis: { address: 'localhost:16379' } }],
    [
      '["CMD", "redis-cli", "-a", "s3cret", "ping"]',
      { redis: { address: 'localhost:16379', password: '${env:WEB_REDIS_PASSWORD}' } },
    ],
    [
      '["CMD-SHELL", "redis-cli -a $$REDIS_PW ping > /dev/null 2>&1 || exit 1"]',
      { redis: { address: 'localhost:16379', password: '${env:REDIS_PW}' } },
    ],
  ])('%s asks the same over the network', (test, expected) => {
    const { probe, notes } = importTest(test, PORTS);
    expect(probe).toEqual(expected);
    expect(JSON.stringify([probe, notes])).not.toContain('s3cret');
  });

  it('logs in to MySQL, as its server counts clients that do not', () => {
    const { probe, notes } = importTest('["CMD", "mysqladmin", "ping", "-h", "localhost", "-u", "watch", "-phunter2"]');
    expect(probe).toEqual({
      mysql: { address: 'localhost:3306', user: 'watch', password: '${env:WEB_MYSQL_PASSWORD}' },
    });
    expect(notes.join(' ')).toMatch(/does not publish port 3306 .*Set the environment variable WEB_MYSQL_PASSWORD/);
  });

  it.each([
    ['["CMD-SHELL", "test -f beat || exit 1"]', ['sh', '-c', 'test -f beat || exit 1']],
    ['["CMD-SHELL", "curl -f http://$$HOSTNAME/"]', ['sh', '-c', 'curl -f http://$HOSTNAME/']],
    ['["CMD-SHELL", "curl -s localhost | grep ok"]', ['sh', '-c', 'curl -s localhost | grep ok']],
    ['["CMD", "nc", "localhost", "80"]', ['nc', 'localhost', '80']],
    ['["CMD", "./healthy", "--deep"]', ['./healthy', '--deep']],
  ])('%s runs in its container when it is not known', (test, words) => {
    expect(importTest(test).probe).toEqual({
      command: {
        run: ['docker', 'compose', '-f', PATH, 'exec', '-T', 'web', ...words],
        result: 'exit-code',
      },
    });
  });

  it('that is switched off or absent is told and left out', () => {
    const text = 'services: {a: {healthcheck: {disable: true}}, b: {healthcheck: {test: [NONE]}}, c: {image: x}}';
    expect(importCompose(text, PATH)).toMatchObject({
      ok: true,
      checks: [],
      notes: [/"a" is switched off/, /"b" is switched off/, /"c" has no health check/].map((note): unknown =>
        expect.stringMatching(note),
      ),
    });
  });

  it('keeps its interval and its time limit, which is no longer than the interval', () => {
    const text = 'services: {a: {healthcheck: {test: redis-cli ping, interval: 1m30s, timeout: 1.5s}}}';
    const imported = importCompose(text, PATH);
    expect(imported.ok && imported.checks[0]?.entry).toMatchObject({ interval: '1m30s', timeout: '1s500ms' });
  });

  it.each([
    ['retries: 5', { failures_before_down: 5 }, ''],
    ['retries: 5, start_period: 40s', { failures_before_down: 5 }, ''],
    ['retries: 2, start_period: 1m5s', { failures_before_down: 7, retry_interval: '10s' }, 'It is down after 7 failures, so that its start (1m5s) is none.'], // prettier-ignore
  ])('with %s is down after as many failures, and not while the service starts', (keys, expected, note) => {
    const text = `services: {a: {healthcheck: {test: ./healthy, interval: 10s, timeout: 5s, ${keys}}}}`;
    const imported = importCompose(text, PATH);
    if (!imported.ok) throw new Error(JSON.stringify(imported.problems));
    const { command: _, name, interval, timeout, ...judged } = imported.checks[0]?.entry as CheckSettings;
    expect([name, interval, timeout, judged]).toEqual(['a', '10s', '5s', expected]);
    expect(imported.checks[0]?.notes.join(' ')).toContain(note);
  });
});

import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { look, makeProbe, runWithin, sample, say } from '../../engine/collect/probe/services/ask.ts';
import { PASSWORD, startPostgresql } from '../../services/databases.ts';
import type { RunningServer } from '../../services/run-server.ts';

let server: RunningServer;
let owner: pg.Client;
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ host: server.host, port: server.port, user: 'postgres', password: PASSWORD });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
beforeAll(async () => {
  process.env['VEDETTE_TEST_PASSWORD'] = PASSWORD;
  server = await startPostgresql('max_connections=20');
  owner = await connect();
  await owner.query('CREATE EXTENSION pg_stat_statements');
  await owner.query('CREATE TABLE stock (id int PRIMARY KEY, amount int)');
  await owner.query('INSERT INTO stock VALUES (1, 1)');
  await owner.query(`CREATE ROLE plain LOGIN PASSWORD '${PASSWORD}'`);
  await owner.query(`CREATE ROLE watcher LOGIN PASSWORD '${PASSWORD}' IN ROLE pg_monitor`);
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});

const password = '${env:VEDETTE_TEST_PASSWORD}';
const watcher = (): Record<string, string> => ({ address: server.address, user: 'watcher', password });

it('is up for a check without a user, which only asks whether it is PostgreSQL', async () => {
  expect(say(await look('postgresql', { address: server.address }))).toBe('up');
});

it('is up, with what postgres_exporter would say of it', async () => {
  const result = await look('postgresql', {
    ...watcher(),
    queries: [{ name: 'stock', sql: 'SELECT 41 + 1' }],
  });
  expect(say(result)).toBe('up');
  expect(sample(result, 'pg_settings_max_connections')).toBe(20);
  expect(sample(result, 'pg_stat_database_numbackends', { datname: 'postgres' })).toBeGreaterThanOrEqual(2);
  expect(sample(result, 'pg_stat_activity_count', { datname: 'postgres', state: 'idle' })).toBe(1);
  expect(sample(result, 'vedette_check_query_value', { query: 'stock' })).toBe(42);
  expect(result.samples.some(({ name }) => name === 'pg_stat_statements_seconds_total')).toBe(true);
});

it('says who blocks whom', async () => {
  const [blocker, waiter] = [await connect(), await connect()];
  await blocker.query('BEGIN');
  await blocker.query('UPDATE stock SET amount = 2 WHERE id = 1');
  const waiting = waiter.query('UPDATE stock SET amount = 3 WHERE id = 1');
  const settings = { ...watcher(), max_blocked: '0' };
  await expect
    .poll(async () => say(await look('postgresql', settings)), { timeout: 20_000 })
    .toMatch(
      /^degraded blocked: .*has waited .* for a lock of process \d+ \(postgres, idle in transaction\), whose last statement is: UPDATE stock SET amount = 2/,
    );
  await blocker.query('ROLLBACK');
  await waiting;
  await Promise.all([blocker.end(), waiter.end()]);
});

it('is degraded by a transaction that stays open', async () => {
  const idler = await connect();
  await idler.query('BEGIN');
  await idler.query('SELECT 1');
  const result = await look('postgresql', { ...watcher(), max_transaction: '0' });
  await idler.end();
  expect(say(result)).toMatch(/^degraded transaction: .*idle in transaction\) has a transaction open/);
});

it('says which role is missing, and does not guess what is hidden', async () => {
  const result = await look('postgresql', { address: server.address, user: 'plain', password });
  expect(say(result)).toBe('up');
  expect(result.details.find(({ name }) => name === 'missingRole')?.value).toMatch(/^pg_monitor/);
  expect(result.samples.some(({ name }) => name.startsWith('pg_stat_activity'))).toBe(false);
});

it('is unknown with a wrong password, user or database', async () => {
  const wrong = async (changes: Record<string, string>): Promise<string> =>
    say(await look('postgresql', { ...watcher(), ...changes }));
  expect(await wrong({ password: 'no' })).toMatch(/^unknown auth: .*refuses the password of "watcher"/);
  expect(await wrong({ user: 'nobody' })).toMatch(/^unknown auth: /);
  expect(await wrong({ database: 'none' })).toMatch(/^unknown database: .*has no database "none"/);
  expect(await wrong({ tls: 'true' })).toMatch(/^unknown tls: /);
});

it('cannot be written to by a query of the check', async () => {
  const queries = [{ name: 'bad', sql: 'DELETE FROM stock RETURNING 1' }];
  const settings = { address: server.address, user: 'postgres', password, queries };
  expect(say(await look('postgresql', settings))).toMatch(/^unknown answer: .*read-only transaction/);
});

it('keeps one connection, gets a new one when that was cut, and lets it go in the end', async () => {
  const count = async (): Promise<number> => {
    const { rows } = await owner.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE application_name = 'vedette'"); // prettier-ignore
    return rows.length;
  };
  await expect.poll(count).toBe(0);
  const probe = makeProbe('postgresql', watcher());
  await runWithin(probe);
  await runWithin(probe);
  expect(await count()).toBe(1);
  await owner.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'vedette'");
  expect(say(await runWithin(probe))).toBe('up');
  expect(await count()).toBe(1);
  probe.close?.();
  await expect.poll(count).toBe(0);
});

it('is degraded when it takes no more connections', async () => {
  const clients: pg.Client[] = [];
  try {
    for (;;) clients.push(await connect());
  } catch (error) {
    expect((error as Error).message).toMatch(/too many clients/);
  }
  const result = await look('postgresql', watcher());
  await Promise.all(clients.map((client) => client.end()));
  expect(say(result)).toMatch(/^degraded full: .*takes no more connections/);
});

it('is down while it hangs and after it has gone', async () => {
  const other = await startPostgresql();
  const settings = { address: other.address, user: 'postgres', password };
  other.hold(true);
  expect(say(await look('postgresql', settings, 500))).toMatch(/^down timeout: .*did not let us in within 0.5 s/);
  other.hold(false);
  await other.stop();
  expect(say(await look('postgresql', settings))).toMatch(/^down refused: /);
});

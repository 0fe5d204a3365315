import { createConnection } from 'mysql2/promise';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeCertificate } from '../../doubles/certificate.ts';
import { look, makeProbe, runWithin, sample, say } from '../../engine/collect/probe/services/ask.ts';
import { PASSWORD, startMariadb } from '../../services/databases.ts';
import type { RunningServer } from '../../services/run-server.ts';

const certificate = makeCertificate({ names: 'DNS:db.example' });
let folder: string;
let server: RunningServer;
let owner: Connection;
const connect = (): Promise<Connection> => createConnection({ host: server.host, port: server.port, user: 'root' });
beforeAll(async () => {
  process.env['VEDETTE_TEST_PASSWORD'] = PASSWORD;
  folder = mkdtempSync(join(tmpdir(), 'vedette-tls-'));
  chmodSync(folder, 0o755);
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  server = await startMariadb(
    `--ssl-cert=${file('cert', certificate.chain)}`,
    `--ssl-key=${file('key', certificate.key)}`,
  );
  owner = await connect();
  await owner.query('CREATE DATABASE shop');
  await owner.query('CREATE TABLE shop.stock (id int PRIMARY KEY, amount int)');
  await owner.query('INSERT INTO shop.stock VALUES (1, 1)');
  await owner.query(`CREATE USER plain IDENTIFIED BY '${PASSWORD}'`);
  await owner.query(`CREATE USER watcher IDENTIFIED BY '${PASSWORD}'`);
  await owner.query('GRANT PROCESS, SLAVE MONITOR ON *.* TO watcher');
});
afterAll(async () => {
  await owner.end();
  await server.stop();
  rmSync(folder, { recursive: true });
});

const password = '${env:VEDETTE_TEST_PASSWORD}';
const watcher = (): Record<string, string> => ({ address: server.address, user: 'watcher', password });

async function status(name: string): Promise<number> {
  const [rows] = await owner.query<RowDataPacket[]>('SHOW GLOBAL STATUS LIKE ?', [name]);
  return Number(rows[0]?.['Value']);
}

it('is up, with what mysqld_exporter would say of it', async () => {
  const result = await look('mysql', { ...watcher(), queries: [{ name: 'one', sql: 'SELECT 41 + 1' }] });
  expect(say(result)).toBe('up');
  expect(sample(result, 'mysql_up')).toBe(1);
  expect(sample(result, 'mysql_global_variables_max_connections')).toBe(151);
  expect(sample(result, 'mysql_global_status_threads_connected')).toBe(2);
  expect(sample(result, 'vedette_check_query_value', { query: 'one' })).toBe(42);
});

it('is asked over TLS, and down where its certificate is not trusted or for another name', async () => {
  const ask = async (tls_config: Record<string, string>): Promise<string> =>
    say(await look('mysql', { ...watcher(), tls_config }));
  const { authority: ca } = certificate;
  expect(await ask({ ca, server_name: 'db.example' })).toBe('up');
  expect(await ask({ ca, server_name: 'other.example' })).toMatch(/^down tls: /);
  expect(await ask({ server_name: 'db.example' })).toMatch(/^down tls: /);
  expect(await ask({ insecure_skip_verify: 'true' })).toBe('up');
});

it('leaves no broken handshake behind, over many runs', async () => {
  const before = [await status('Aborted_connects'), await status('Aborted_clients')];
  for (let run = 0; run < 5; run++) expect(say(await look('mysql', watcher()))).toBe('up');
  await expect.poll(() => status('Threads_connected')).toBe(1);
  expect([await status('Aborted_connects'), await status('Aborted_clients')]).toEqual(before);
});

it('keeps one connection, and gets a new one when that was cut', async () => {
  const probe = makeProbe('mysql', watcher());
  await runWithin(probe);
  await runWithin(probe);
  expect(await status('Threads_connected')).toBe(2);
  const [rows] = await owner.query<RowDataPacket[]>(
    "SELECT id FROM information_schema.processlist WHERE user = 'watcher'",
  );
  await owner.query(`KILL ${String(rows[0]?.['id'])}`);
  expect(say(await runWithin(probe))).toBe('up');
  probe.close?.();
  await expect.poll(() => status('Threads_connected')).toBe(1);
});

it('says who blocks whom', async () => {
  const [blocker, waiter] = [await connect(), await connect()];
  await blocker.query('BEGIN');
  await blocker.query('UPDATE shop.stock SET amount = 2 WHERE id = 1');
  const waiting = waiter.query('UPDATE shop.stock SET amount = 3 WHERE id = 1');
  await expect
    .poll(async () => say(await look('mysql', { ...watcher(), max_blocked: '0' })), { timeout: 20_000, interval: 300 })
    .toMatch(/^degraded blocked: .*connection \d+ has waited .* for a lock of connection \d+ \(root, Sleep\)/);
  await blocker.query('ROLLBACK');
  await waiting;
  await Promise.all([blocker.end(), waiter.end()]);
});

it('says which right is missing', async () => {
  const result = await look('mysql', { ...watcher(), user: 'plain' });
  expect(say(result)).toBe('up');
  expect(result.details.filter(({ name }) => name === 'missingRole').map(({ value }) => value)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^SLAVE MONITOR /)]),
  );
});

it('is unknown with a wrong password or database', async () => {
  expect(say(await look('mysql', { ...watcher(), password: 'no' }))).toMatch(/^unknown auth: .*refuses/);
  expect(say(await look('mysql', { ...watcher(), database: 'none' }))).toMatch(/^unknown database: /);
  expect(say(await look('mysql', { ...watcher(), tls: 'true' }))).toMatch(/^down tls: /);
});

it('is down while it hangs and after it has gone', async () => {
  const other = await startMariadb();
  const settings = { address: other.address, user: 'root' };
  other.hold(true);
  expect(say(await look('mysql', settings, 500))).toMatch(/^down timeout: .*did not greet and let us in within 0.5 s/);
  other.hold(false);
  await other.stop();
  expect(say(await look('mysql', settings))).toMatch(/^down refused: /);
});

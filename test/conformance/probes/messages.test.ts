import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { look, sample, say } from '../../engine/collect/probe/services/ask.ts';
import { PASSWORD } from '../../services/databases.ts';
import { startGrpc, startMosquitto, startSnmpd } from '../../services/network-servers.ts';
import type { RunningServer } from '../../services/run-server.ts';

process.env['VEDETTE_TEST_PASSWORD'] = PASSWORD;
const password = '${env:VEDETTE_TEST_PASSWORD}';
const SHORT_MS = 700;

function running(start: () => Promise<RunningServer>): () => RunningServer {
  let server: RunningServer | undefined;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server?.stop();
  });
  return () => {
    if (server === undefined) throw new Error('The server has not started.');
    return server;
  };
}

describe('mosquitto', () => {
  const broker = running(startMosquitto);

  it.each(['3.1.1', '5'])('is up for a client that may connect with MQTT %s', async (version) => {
    const result = await look('mqtt', { address: broker().address, version, username: 'ann', password });
    expect(say(result)).toBe('up');
    expect(sample(result, 'vedette_check_mqtt_connack_code')).toBe(0);
  });

  it.each(['3.1.1', '5'])('is unknown with a wrong password and without one, with MQTT %s', async (version) => {
    const settings = { address: broker().address, version };
    expect(say(await look('mqtt', { ...settings, username: 'ann', password: 'no' }))).toMatch(/^unknown credentials: /);
    expect(say(await look('mqtt', settings))).toMatch(/^unknown credentials: /);
  });

  it('is not taken for a mail server, which would greet', async () => {
    expect(say(await look('smtp', { address: broker().address }, SHORT_MS))).toMatch(/^down timeout: .*greet/);
  });

  it('is down while it hangs and after it has gone', async () => {
    const other = await startMosquitto();
    other.hold(true);
    expect(say(await look('mqtt', { address: other.address }, SHORT_MS))).toMatch(/^down timeout: .*CONNECT within/);
    other.hold(false);
    await other.stop();
    expect(say(await look('mqtt', { address: other.address }))).toMatch(/^down refused: /);
  });
});

describe('snmpd', () => {
  const agent = running(startSnmpd);
  const uptime = { oid: '1.3.6.1.2.1.1.3.0', name: 'sysUpTime' };

  it.each(['1', '2c'])('is up for a community that may read with version %s', async (version) => {
    const result = await look('snmp', { address: agent().address, version, community: 'watcher', oids: [uptime] });
    expect(say(result)).toBe('up');
    expect(sample(result, 'vedette_check_snmp_value', { name: 'sysUpTime' })).toBeGreaterThanOrEqual(0);
  });

  it('is up for a user of version 3, and unknown with a wrong key or another user', async () => {
    const user = {
      address: agent().address,
      version: '3',
      username: 'ann',
      auth_protocol: 'sha',
      priv_protocol: 'aes',
    };
    expect(say(await look('snmp', { ...user, auth_key: password, priv_key: password }))).toBe('up');
    const wrong = await look('snmp', { ...user, auth_key: 'not the key', priv_key: 'not the key' });
    expect(say(wrong)).toMatch(/^unknown credentials: .*refuses the user or its keys/);
    const nobody = await look('snmp', { ...user, username: 'bob', auth_key: password, priv_key: password });
    expect(say(nobody)).toMatch(/^unknown credentials: /);
  });

  it('is degraded where one of the values is missing or outside of its limits', async () => {
    const none = { oid: '1.3.6.1.4.1.99999.1.0', name: 'none' };
    const settings = { address: agent().address, community: 'watcher' };
    expect(say(await look('snmp', { ...settings, oids: [uptime, none] }))).toMatch(/^degraded missing: .*no none/);
    const limit = { ...uptime, min: '1e15' };
    expect(say(await look('snmp', { ...settings, oids: [limit] }))).toMatch(/^degraded limit: .*sysUpTime is \d+/);
  });

  it('is down with a wrong community, while it hangs and after it has gone, and says what may be the cause', async () => {
    const silent = /^down timeout: .*an agent is silent when the community is wrong.* within 0.7 s/;
    expect(say(await look('snmp', { address: agent().address, community: 'no' }, SHORT_MS))).toMatch(silent);
    agent().hold(true);
    expect(say(await look('snmp', { address: agent().address, community: 'watcher' }, SHORT_MS))).toMatch(silent);
    agent().hold(false);
  });
});

describe('a gRPC server', () => {
  const server = running(startGrpc);

  it('is up where it, or one of its services, is serving', async () => {
    const result = await look('grpc', { address: server().address });
    expect(say(result)).toBe('up');
    expect(sample(result, 'probe_grpc_healthcheck_response', { serving_status: 'SERVING' })).toBe(1);
    expect(say(await look('grpc', { address: server().address, service: 'good' }))).toBe('up');
  });

  it('is down where a service is not serving or not known, and unknown where it asks who it is', async () => {
    const { address } = server();
    expect(say(await look('grpc', { address, service: 'bad' }))).toMatch(/^down health: .*not serving/);
    expect(say(await look('grpc', { address, service: 'none' }))).toMatch(/^down service: .*unknown service/);
    expect(say(await look('grpc', { address, service: 'shy' }))).toMatch(/^unknown credentials: .*who are you/);
  });

  it('is down while it hangs and after it has gone', async () => {
    const other = await startGrpc();
    other.hold(true);
    expect(say(await look('grpc', { address: other.address }, SHORT_MS))).toMatch(
      /^down timeout: .*did not answer the health check within/,
    );
    other.hold(false);
    await other.stop();
    expect(say(await look('grpc', { address: other.address }))).toMatch(/^down refused: /);
  });
});

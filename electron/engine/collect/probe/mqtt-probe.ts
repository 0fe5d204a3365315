import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { IConnackPacket, IConnectPacket, Parser } from 'mqtt-packet';
import { formatEndpoint } from '../../config/index.ts';
import type { MqttCheckConfig } from '../../config/index.ts';
import { openConnection, revealOrFail, secureConnection } from './connect.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Outcome, Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, runProbe } from './run-probe.ts';

/** A broker that takes a CONNECT and says so. Source: MQTT 3.1.1, 3.2.2.3; MQTT 5.0, 3.2.2.2. */
export function createMqttProbe(config: MqttCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { endpoint, login, version } = config;
  const address = formatEndpoint(endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        const packet: IConnectPacket = {
          cmd: 'connect',
          protocolId: 'MQTT',
          protocolVersion: version === '5' ? 5 : 4,
          clientId: config.clientId ?? `vedette-${randomUUID().slice(0, 8)}`,
          clean: true,
          keepalive: 30,
          ...(login === null ? {} : { username: login.username }),
          ...(login === null ? {} : { password: Buffer.from(await revealOrFail(login.password, ports.revealSecret)) }),
        };
        // Loaded when the first check needs it.
        const { generate, parser } = await import('mqtt-packet');
        let socket: Socket = await openConnection(run, ports, endpoint, config);
        if (config.isSecure) socket = await secureConnection(run, ports, socket, endpoint.host, config.tls);
        run.awaited = 'did not answer CONNECT';
        const reader = parser({ protocolVersion: packet.protocolVersion ?? 4 });
        const answer = readConnack(socket, reader, packet, address);
        socket.write(generate(packet));
        const connack = await answer;
        const code = connack.reasonCode ?? connack.returnCode ?? 0;
        run.note('mqttCode', code);
        run.add('vedette_check_mqtt_connack_code', code);
        if (code !== 0) throw refused(code, connack.properties?.reasonString, address, version);
        socket.end(generate({ cmd: 'disconnect' }, { protocolVersion: packet.protocolVersion ?? 4 }));
        return judgeExpiry(run.certificate, config.certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

function readConnack(socket: Socket, reader: Parser, packet: IConnectPacket, address: string): Promise<IConnackPacket> {
  return new Promise((resolve, reject) => {
    const notMqtt = (): void => {
      reject(new ProbeFailure('down', 'protocol', `${address} does not speak MQTT ${packet.protocolVersion === 5 ? '5' : '3.1.1'}.`)); // prettier-ignore
    };
    reader.on('packet', (received) => {
      if (received.cmd === 'connack') resolve(received);
      else notMqtt();
    });
    reader.on('error', notMqtt);
    socket.on('data', (chunk: Buffer) => void reader.parse(chunk));
    socket.on('error', reject);
    socket.on('close', () => {
      reject(Object.assign(new Error('closed before CONNACK'), { code: 'ECONNRESET' }));
    });
  });
}

/** Codes of both versions: below 0x80 those of 3.1.1. Whose fault a refusal is decides what it says of the broker. */
const REFUSALS: Readonly<Record<number, readonly [Exclude<Outcome, 'up'>, code: string, message: string]>> = {
  1: ['unknown', 'version', 'speaks another version of MQTT. Set "version".'],
  2: ['unknown', 'client', 'refuses the client id. Set another one with "client_id".'],
  3: ['down', 'unavailable', 'says that the service is unavailable.'],
  4: ['unknown', 'credentials', 'refuses the user or the password. Correct them.'],
  5: ['unknown', 'credentials', 'lets this client in with no such user and password. Give it a user that may connect.'],
  0x84: ['unknown', 'version', 'speaks another version of MQTT. Set "version".'],
  0x85: ['unknown', 'client', 'refuses the client id. Set another one with "client_id".'],
  0x86: ['unknown', 'credentials', 'refuses the user or the password. Correct them.'],
  0x87: [
    'unknown',
    'credentials',
    'lets this client in with no such user and password. Give it a user that may connect.',
  ],
  0x88: ['down', 'unavailable', 'says that the service is unavailable.'],
  0x89: ['degraded', 'busy', 'says that it is too busy.'],
  0x8a: ['unknown', 'banned', 'has banned this client.'],
  0x97: ['degraded', 'quota', 'says that a quota is used up.'],
  0x9f: ['degraded', 'rate', 'says that too many clients connect.'],
};

function refused(code: number, reason: string | undefined, address: string, version: string): ProbeFailure {
  const [outcome, word, message] = REFUSALS[code] ?? [
    'down',
    'refused',
    `refuses the connection with code ${String(code)} of MQTT ${version}.`,
  ];
  return new ProbeFailure(outcome, word, `${address} ${message}${reason === undefined ? '' : ` It says: ${reason}.`}`);
}

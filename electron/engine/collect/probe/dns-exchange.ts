import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { formatEndpoint } from '../../config/index.ts';
import type { DnsCheckConfig, Endpoint } from '../../config/index.ts';
import { openConnection, secureConnection } from './connect.ts';
import { converse } from './conversation.ts';
import { decodeMessage, encodeQuery } from './dns-message.ts';
import type { DnsMessage } from './dns-message.ts';
import type { ProbePorts } from './probe.ts';
import { resolveOne } from './resolve-one.ts';
import { ProbeFailure } from './run-probe.ts';
import type { ProbeRun } from './run-probe.ts';

/** Times of one question, in milliseconds. */
export interface DnsExchange {
  readonly message: DnsMessage;
  readonly connectMs: number;
  readonly requestMs: number;
}

/** Ask a name server; an answer that UDP cut off is asked for again over TCP, as a resolver does. Source: RFC 7766, 5. */
export async function askNameServer(
  run: ProbeRun,
  ports: ProbePorts,
  server: Endpoint,
  config: DnsCheckConfig,
): Promise<DnsExchange> {
  if (config.transport !== 'udp') return askOverTcp(run, ports, server, config);
  const made = await askOverUdp(run, ports, server, config);
  if (!made.message.isTruncated) return made;
  run.note('dnsTransport', 'TCP');
  return askOverTcp(run, ports, server, config);
}

async function askOverUdp(
  run: ProbeRun,
  ports: ProbePorts,
  server: Endpoint,
  config: DnsCheckConfig,
): Promise<DnsExchange> {
  const { clock } = ports;
  const { address, family } = await resolveOne(run, ports, server.host, config.ip);
  run.remoteAddress = address;
  const startedAt = clock.monotonic();
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  run.onEnd(() => socket.close());
  const id = randomInt(0x10000);
  run.awaited = 'did not answer';
  return new Promise((resolve, reject) => {
    let sentAt = startedAt;
    socket.on('error', reject);
    socket.on('message', (bytes) => {
      const message = decodeMessage(bytes);
      // What is no answer to this question may be forged or late; the true one may still come.
      if (message?.id !== id || !message.isResponse) {
        run.awaited = 'answered with something that is no DNS answer, and did not answer';
        return;
      }
      resolve({ message, connectMs: sentAt - startedAt, requestMs: clock.monotonic() - sentAt });
    });
    const send = (): void => {
      socket.connect(server.port, address, () => {
        sentAt = clock.monotonic();
        socket.send(encodeQuery(id, config), (error) => {
          if (error) reject(error);
        });
      });
    };
    if (config.sourceAddress === null) send();
    else socket.bind({ address: config.sourceAddress }, send);
  });
}

async function askOverTcp(
  run: ProbeRun,
  ports: ProbePorts,
  server: Endpoint,
  config: DnsCheckConfig,
): Promise<DnsExchange> {
  const { clock } = ports;
  const connectAt = clock.monotonic();
  let socket: Socket = await openConnection(run, ports, server, config);
  if (config.transport === 'tls') socket = await secureConnection(run, ports, socket, server.host, config.tls);
  const conversation = converse(socket);
  const sentAt = clock.monotonic();
  run.awaited = 'did not answer';
  const id = randomInt(0x10000);
  const query = encodeQuery(id, config);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  conversation.write(Buffer.concat([length, query]));
  const size = (await conversation.readBytes(2)).readUInt16BE(0);
  const message = decodeMessage(await conversation.readBytes(size));
  if (message?.id !== id || !message.isResponse) {
    throw new ProbeFailure('down', 'protocol', `${formatEndpoint(server)} does not speak DNS.`);
  }
  return { message, connectMs: sentAt - connectAt - run.phases.resolve, requestMs: clock.monotonic() - sentAt };
}

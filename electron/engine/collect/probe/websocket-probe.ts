import { RE2JS } from 're2js';
import type { IncomingMessage } from 'node:http';
import { TLSSocket } from 'node:tls';
import type { RawData, WebSocket } from 'ws';
import { probeTarget } from '../../config/index.ts';
import type { WebSocketCheckConfig } from '../../config/index.ts';
import { lookUpHost } from '../look-up-host.ts';
import { readCertificate } from './certificate-facts.ts';
import { secureOptions } from './connect.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, runProbe } from './run-probe.ts';
import type { ProbeRun } from './run-probe.ts';
import { shorten } from './shorten.ts';

/** More than this in one message is none of an answer that is looked for. */
const LARGEST_MESSAGE_BYTES = 1024 * 1024;

/** A WebSocket: the handshake, a message that is waited for, or the answer to a ping. Source: RFC 6455. */
export function createWebSocketProbe(config: WebSocketCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { address } = probeTarget(config);
  const url = new URL(config.url);
  const pattern = config.expect === null ? null : RE2JS.compile(config.expect);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        const secure = url.protocol === 'wss:' ? await secureOptions(config.tls, url.hostname, ports.revealSecret) : {};
        // Loaded when the first check needs it.
        const ws = await import('ws');
        const socket = new ws.WebSocket(url, [...config.subprotocols], {
          ...secure,
          host: url.hostname,
          headers: { 'User-Agent': ports.userAgent, ...config.headers },
          maxPayload: LARGEST_MESSAGE_BYTES,
          perMessageDeflate: false,
          lookup: lookUpHost,
          followRedirects: false,
        });
        run.onEnd(() => socket.terminate());
        // The end of the run ends the connection, and then nobody else listens.
        socket.on('error', () => undefined);
        run.awaited = 'did not finish the handshake';
        await opened(run, ports, socket, address);
        judgeTrust(run, config);
        if (socket.protocol !== '') run.note('subprotocol', socket.protocol);
        if (config.send !== null) socket.send(config.send);
        if (pattern === null) await pong(run, socket);
        else run.note('answer', shorten(await matchingMessage(run, socket, pattern, address)));
        socket.close(1000);
        return judgeExpiry(run.certificate, config.certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

function opened(run: ProbeRun, ports: ProbePorts, socket: WebSocket, address: string): Promise<void> {
  const startedAt = ports.clock.monotonic();
  return new Promise((resolve, reject) => {
    socket.once('error', (error) => {
      reject(hasCode(error) ? error : new ProbeFailure('down', 'protocol', `${address} does not speak WebSocket: ${error.message}.`)); // prettier-ignore
    });
    socket.once('unexpected-response', (request, response) => {
      request.destroy();
      const { statusCode = 0, statusMessage = '' } = response;
      const said = `${String(statusCode)} ${shorten(statusMessage)}`.trim();
      reject(new ProbeFailure('down', 'status', `${address} answers the handshake with ${said} instead of 101.`));
    });
    socket.once('upgrade', (response: IncomingMessage) => {
      run.phases.connect = ports.clock.monotonic() - startedAt;
      run.remoteAddress = response.socket.remoteAddress ?? null;
      if (response.socket instanceof TLSSocket) run.certificate = readCertificate(response.socket);
    });
    socket.once('open', resolve);
  });
}

function hasCode(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && !code.startsWith('WS_ERR');
}

function judgeTrust(run: ProbeRun, config: WebSocketCheckConfig): void {
  const { certificate } = run;
  if (certificate === null || certificate.isTrusted || config.tls.insecureSkipVerify) return;
  const message = `The secure connection to ${config.url} is not trusted: ${certificate.distrust ?? ''}.`;
  throw new ProbeFailure('down', 'tls', message);
}

function pong(run: ProbeRun, socket: WebSocket): Promise<void> {
  run.awaited = 'did not answer a ping';
  return new Promise((resolve, reject) => {
    socket.once('pong', () => {
      resolve();
    });
    onGone(socket, reject);
    socket.ping();
  });
}

function matchingMessage(run: ProbeRun, socket: WebSocket, pattern: RE2JS, address: string): Promise<string> {
  run.awaited = `did not send a message that matches ${pattern.pattern()}`;
  return new Promise((resolve, reject) => {
    let last: string | null = null;
    socket.on('message', (data: RawData) => {
      const text = textOf(data);
      if (pattern.matcher(text).find()) resolve(text);
      else {
        last = text;
        run.awaited = `did not send a message that matches ${pattern.pattern()} (the last was "${shorten(text)}")`;
      }
    });
    onGone(socket, (error) => {
      if (last === null) reject(error);
      else {
        const said = `its last message was "${shorten(last)}"`;
        const message = `${address} hung up without a message that matches ${pattern.pattern()}; ${said}.`;
        reject(new ProbeFailure('down', 'answer', message));
      }
    });
  });
}

function onGone(socket: WebSocket, reject: (error: Error) => void): void {
  socket.once('close', () => {
    reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
  });
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return data instanceof ArrayBuffer ? Buffer.from(data).toString('utf8') : data.toString('utf8');
}

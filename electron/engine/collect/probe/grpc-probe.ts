import { connect } from 'node:http2';
import type { ClientHttp2Session, IncomingHttpHeaders } from 'node:http2';
import type { Socket } from 'node:net';
import { connect as connectSecurely } from 'node:tls';
import { formatEndpoint } from '../../config/index.ts';
import type { GrpcCheckConfig } from '../../config/index.ts';
import { readCertificate } from './certificate-facts.ts';
import { openConnection, secureOptions } from './connect.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, runProbe } from './run-probe.ts';
import type { ProbeRun, Verdict } from './run-probe.ts';
import { shorten } from './shorten.ts';

/** What a server says of a service. Source: grpc.health.v1, `HealthCheckResponse.ServingStatus`. */
const SERVING = ['UNKNOWN', 'SERVING', 'NOT_SERVING', 'SERVICE_UNKNOWN'] as const;

/** The gRPC health protocol over HTTP/2. Source: grpc/doc/health-checking.md and PROTOCOL-HTTP2.md. */
export function createGrpcProbe(config: GrpcCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { endpoint, service } = config;
  const address = formatEndpoint(endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run): Promise<Verdict> => {
        const startedAt = ports.clock.monotonic();
        let answer: GrpcAnswer | null = null;
        run.onEnd(() => {
          addSamples(run, answer, ports.clock.monotonic() - startedAt - run.phases.resolve);
        });
        const socket = await connectHttp2(run, ports, config, address);
        run.awaited = 'did not answer the health check';
        answer = await askHealth(run, socket, config, ports.userAgent, address);
        const verdict = judge(answer, service, address);
        if (verdict !== null) return verdict;
        return judgeExpiry(run.certificate, config.certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

interface GrpcAnswer {
  /** Code of gRPC. */
  readonly status: number;
  readonly message: string;
  readonly serving: (typeof SERVING)[number] | null;
}

/** A connection that may speak HTTP/2: over TLS, both sides have to agree on it. */
async function connectHttp2(
  run: ProbeRun,
  ports: ProbePorts,
  config: GrpcCheckConfig,
  address: string,
): Promise<Socket> {
  const { endpoint, tls } = config;
  const plain = await openConnection(run, ports, endpoint, config);
  if (!config.isSecure) return plain;
  const options = await secureOptions(tls, endpoint.host, ports.revealSecret);
  run.awaited = 'did not finish the TLS handshake';
  const startedAt = ports.clock.monotonic();
  const secured = connectSecurely({ ...options, socket: plain, ALPNProtocols: ['h2'] });
  run.onEnd(() => secured.destroy());
  await new Promise<void>((done, fail) => {
    secured.once('error', fail);
    secured.once('close', () => {
      fail(Object.assign(new Error('closed during the handshake'), { code: 'ECONNRESET' }));
    });
    secured.once('secureConnect', done);
  });
  run.phases.tls += ports.clock.monotonic() - startedAt;
  run.certificate = readCertificate(secured);
  if (!run.certificate.isTrusted && !tls.insecureSkipVerify) {
    throw Object.assign(new Error('not trusted'), { code: String(secured.authorizationError) });
  }
  if (secured.alpnProtocol !== 'h2') {
    throw new ProbeFailure('down', 'protocol', `${address} does not speak HTTP/2, which gRPC needs.`);
  }
  return secured;
}

function askHealth(
  run: ProbeRun,
  socket: Socket,
  config: GrpcCheckConfig,
  userAgent: string,
  address: string,
): Promise<GrpcAnswer> {
  const { isSecure, tls, endpoint } = config;
  const scheme = isSecure ? 'https' : 'http';
  const authority = tls.serverName ?? formatEndpoint(endpoint);
  return new Promise((resolve, reject) => {
    const session: ClientHttp2Session = connect(`${scheme}://${formatEndpoint(endpoint)}`, {
      createConnection: () => socket,
    });
    run.onEnd(() => session.destroy());
    const fail = (error: Error): void => {
      const { code } = error as { code?: unknown };
      const isProtocol = typeof code === 'string' && code.startsWith('ERR_HTTP2');
      reject(isProtocol ? new ProbeFailure('down', 'protocol', `${address} does not speak gRPC: ${error.message}.`) : error); // prettier-ignore
    };
    session.on('error', fail);
    session.on('close', () => {
      reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
    });
    const stream = session.request({
      ':method': 'POST',
      ':path': '/grpc.health.v1.Health/Check',
      ':scheme': scheme,
      ':authority': authority,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': userAgent,
    });
    const chunks: Buffer[] = [];
    let httpStatus = 0;
    const told = new Map<string, string>();
    // A server that refuses at once tells with the headers what belongs into the trailers.
    const hear = (headers: IncomingHttpHeaders): void => {
      for (const name of ['grpc-status', 'grpc-message']) {
        const value = headers[name];
        if (typeof value === 'string') told.set(name, value);
      }
    };
    stream.on('response', (headers) => {
      httpStatus = headers[':status'] ?? 0;
      hear(headers);
    });
    stream.on('trailers', hear);
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.on('error', fail);
    stream.on('end', () => {
      if (httpStatus === 0) {
        reject(Object.assign(new Error('closed before an answer'), { code: 'ECONNRESET' }));
        return;
      }
      const status = told.get('grpc-status');
      if (status === undefined) {
        const said = `HTTP ${String(httpStatus)} without a gRPC status`;
        reject(new ProbeFailure('down', 'protocol', `${address} does not speak gRPC; it answers ${said}.`));
        return;
      }
      const message = unescape(told.get('grpc-message') ?? '');
      resolve({ status: Number(status), message, serving: readServing(Buffer.concat(chunks), Number(status)) });
    });
    stream.end(encodeRequest(config.service));
  });
}

/** Percent signs as in a URL; what is no escape stands for itself. Source: grpc/doc/PROTOCOL-HTTP2.md, `Status-Message`. */
function unescape(text: string): string {
  const bytes = text.replace(/%([\da-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** A length-prefixed message with field 1, the name of the service. */
function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8');
  const body = name.length === 0 ? Buffer.alloc(0) : Buffer.concat([Buffer.from([0x0a, ...varint(name.length)]), name]);
  const frame = Buffer.alloc(5);
  frame.writeUInt32BE(body.length, 1);
  return Buffer.concat([frame, body]);
}

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** Field 1 of the answer; absent is its default, UNKNOWN. */
function readServing(body: Buffer, status: number): GrpcAnswer['serving'] {
  if (status !== 0 || body.length < 5) return null;
  const message = body.subarray(5, 5 + body.readUInt32BE(1));
  return SERVING[message[0] === 0x08 ? (message[1] ?? 0) : 0] ?? null;
}

function addSamples(run: ProbeRun, answer: GrpcAnswer | null, checkMs: number): void {
  run.add('probe_grpc_duration_seconds', run.phases.resolve / 1000, { phase: 'resolve' });
  run.add('probe_grpc_duration_seconds', checkMs / 1000, { phase: 'check' });
  run.add('probe_grpc_ssl', run.certificate === null ? 0 : 1);
  // 14 is what a client reports for a server that it cannot reach.
  run.add('probe_grpc_status_code', answer?.status ?? 14);
  for (const one of SERVING) {
    run.add('probe_grpc_healthcheck_response', answer?.serving === one ? 1 : 0, { serving_status: one });
  }
}

function judge({ status, message, serving }: GrpcAnswer, service: string, address: string): Verdict | null {
  const what = service === '' ? address : `${service} of ${address}`;
  const said = message === '' ? '' : ` (${shorten(message)})`;
  const verdict = (outcome: 'down' | 'unknown', code: string, text: string): Verdict => ({
    outcome,
    reason: { code, message: text },
  });
  switch (status) {
    case 0:
      break;
    case 5:
      return verdict('down', 'service', `${address} does not know the service "${service}"${said}.`);
    case 7:
    case 16:
      return verdict('unknown', 'credentials', `${address} does not answer strangers${said}.`);
    case 12:
      return verdict('unknown', 'unimplemented', `${address} speaks gRPC but has no health service${said}.`);
    default:
      return verdict('down', 'status', `${address} answers with the gRPC status ${String(status)}${said}.`);
  }
  switch (serving) {
    case 'SERVING':
      return null;
    case 'NOT_SERVING':
      return verdict('down', 'health', `${what} says that it is not serving.`);
    case 'SERVICE_UNKNOWN':
      return verdict('down', 'service', `${address} does not know the service "${service}".`);
    case 'UNKNOWN':
    case null:
      return verdict('unknown', 'health', `${what} does not know itself whether it is serving.`);
  }
}

import { createServer } from 'node:http2';
import type { ServerHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';

/** What a gRPC server says of a service: a status of gRPC, and where that is 0, a serving status. */
export interface Health {
  readonly status: string;
  readonly serving?: number;
  readonly message?: string;
}

export interface GrpcHealthServer {
  /** `127.0.0.1:port`, without TLS. */
  readonly address: string;
  close(): Promise<void>;
}

/** A server with the health service alone. */
export async function startGrpcHealthServer(answer: (service: string) => Health): Promise<GrpcHealthServer> {
  const server = createServer();
  const sessions = new Set<{ destroy(): void }>();
  server.on('session', (session) => sessions.add(session));
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => void chunks.push(chunk));
    stream.on('end', () => {
      const service = Buffer.concat(chunks).subarray(7).toString('utf8');
      const isKnown = headers[':path'] === '/grpc.health.v1.Health/Check';
      const { status, serving, message = '' }: Health = isKnown ? answer(service) : { status: '12' };
      stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
      stream.on('wantTrailers', () => {
        stream.sendTrailers({ 'grpc-status': status, 'grpc-message': message });
      });
      stream.end(serving === undefined ? undefined : Buffer.from([0, 0, 0, 0, 2, 0x08, serving]));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close() {
      for (const session of sessions) session.destroy();
      return new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
}

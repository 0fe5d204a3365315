import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { RPCHandler } from '@orpc/server/node';
import { createSampleEngine, DEFAULT_SAMPLE, type SampleOptions } from './sample-engine.ts';

/** The policy that the program itself sends, so that a violation shows here first. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.map': 'application/json',
};

export interface SampleServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serve the built interface with the sample engine on loopback.
 *
 * @param root  where the interface was built to, see `buildClient`
 */
export async function serveSample(
  options: Partial<SampleOptions> = {},
  port = 0,
  root = join(import.meta.dirname, '../../dist/renderer'),
): Promise<SampleServer> {
  const rpc = new RPCHandler(createSampleEngine({ ...DEFAULT_SAMPLE, ...options }));
  const server: Server = createServer((request, response) => {
    void rpc.handle(request, response, { prefix: '/rpc' }).then(async ({ matched }) => {
      if (!matched) await sendFile(root, new URL(request.url ?? '/', 'http://sample').pathname, response);
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function sendFile(root: string, path: string, response: ServerResponse): Promise<void> {
  const wanted = join(root, normalize(path));
  const found = extname(wanted) === '' ? null : await readIfThere(wanted);
  const body =
    found ?? (await readIfThere(join(root, 'index.html'))) ?? (await readIfThere(join(root, 'renderer/index.html')));
  if (body === null) {
    response.writeHead(404).end('dist/renderer is not built');
    return;
  }
  const type = found === null ? TYPES['.html'] : (TYPES[extname(wanted)] ?? 'application/octet-stream');
  response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(body);
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

if (import.meta.main) {
  const port = Number(process.argv[2] ?? 0);
  const services = Number(process.argv[3] ?? DEFAULT_SAMPLE.services);
  const server = await serveSample({ services }, port);
  console.log(server.url);
}

import { createORPCClient, isDefinedError, ORPCError } from '@orpc/client';
import { RPCLink as FetchLink } from '@orpc/client/fetch';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { createRouterClient } from '@orpc/server';
import { RPCHandler } from '@orpc/server/message-port';
import { MessageChannel } from 'node:worker_threads';
import type { Engine } from '../../electron/engine/engine-options.ts';
import type { Caller } from '../../electron/engine/router/caller.ts';
import { contract } from '../../shared/contract/index.ts';

export type CarrierName = 'direct' | 'window' | 'rpc' | 'openapi';
export const CARRIERS: readonly CarrierName[] = ['direct', 'window', 'rpc', 'openapi'];

/** What a caller gets: the result, or the error without what only one carrier has. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string; readonly data: unknown };

/** `services.list` and its description. */
export interface Call {
  readonly name: string;
  readonly access: 'read' | 'write';
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly hasInput: boolean;
}

/** What a procedure of the contract says about itself. */
interface Described {
  readonly '~orpc': {
    readonly route: { readonly method?: string; readonly path?: string; readonly summary?: string };
    readonly meta: { readonly access: 'read' | 'write' };
    readonly inputSchema?: unknown;
  };
}

/** Every call of the contract. */
export function everyCall(): readonly Call[] {
  return Object.entries(contract).flatMap(([noun, calls]) =>
    Object.entries(calls as Record<string, Described>).map(([verb, procedure]) => {
      const { route, meta, inputSchema } = procedure['~orpc'];
      return {
        name: `${noun}.${verb}`,
        access: meta.access,
        method: route.method ?? '',
        path: route.path ?? '',
        summary: route.summary ?? '',
        hasInput: inputSchema !== undefined,
      };
    }),
  );
}

export interface Carriers {
  /** Call by a carrier; `mayWrite` is what the caller can show. */
  call(carrier: CarrierName, name: string, input: unknown, mayWrite?: boolean): Promise<Outcome>;
  /** The first event of a stream that `provoke` causes. */
  firstEvent(carrier: CarrierName, name: string, input: unknown, provoke: () => Promise<unknown>): Promise<unknown>;
  close(): void;
}

type AnyClient = Record<
  string,
  Record<string, (input: unknown, options?: { signal: AbortSignal }) => Promise<unknown>>
>;

/** The same engine, reached in each of the ways that it can be. */
export function openCarriers(engine: Engine, server: { readonly url: string; readonly token: string }): Carriers {
  const ports: { close(): void }[] = [];
  const clients = new Map<string, AnyClient>();
  const clientOf = (carrier: Exclude<CarrierName, 'openapi'>, mayWrite: boolean): AnyClient => {
    const key = `${carrier} ${String(mayWrite)}`;
    const client = clients.get(key) ?? makeClient(carrier, mayWrite);
    clients.set(key, client);
    return client;
  };
  const bearer = (mayWrite: boolean): Record<string, string> =>
    mayWrite ? { authorization: `Bearer ${server.token}` } : {};

  function makeClient(carrier: Exclude<CarrierName, 'openapi'>, mayWrite: boolean): AnyClient {
    const context: Caller = { mayWrite, carrier: 'window' };
    switch (carrier) {
      case 'direct':
        return createRouterClient(engine.router, { context }) as unknown as AnyClient;
      case 'window': {
        // As the shell does it, with Node's ports in place of Electron's.
        const { port1, port2 } = new MessageChannel();
        new RPCHandler<Caller>(engine.router).upgrade(port2, { context });
        port1.start();
        port2.start();
        ports.push(port1);
        return createORPCClient(new PortLink({ port: port1 })) as unknown as AnyClient;
      }
      case 'rpc':
        return createORPCClient(
          new FetchLink({ url: `${server.url}/rpc`, headers: bearer(mayWrite) }),
        ) as unknown as AnyClient;
    }
  }

  async function overOpenApi(name: string, input: unknown, mayWrite: boolean, signal?: AbortSignal): Promise<Response> {
    const call = everyCall().find((one) => one.name === name);
    if (call === undefined) throw new Error(`The contract has no ${name}.`);
    const inQuery = call.method === 'GET' && input !== undefined;
    const query = inQuery ? `?${new URLSearchParams(input as Record<string, string>).toString()}` : '';
    return fetch(`${server.url}/api/vedette/v1${call.path}${query}`, {
      method: call.method,
      headers: { ...bearer(mayWrite), ...(inQuery ? {} : { 'content-type': 'application/json' }) },
      ...(signal === undefined ? {} : { signal }),
      ...(call.method === 'GET' ? {} : { body: JSON.stringify(input ?? {}) }),
    });
  }

  return {
    async call(carrier, name, input, mayWrite = false) {
      if (carrier === 'openapi') {
        const answer = await overOpenApi(name, input, mayWrite);
        const body = (await answer.json()) as { code: string; message: string; data?: unknown };
        return answer.ok
          ? { ok: true, value: body }
          : { ok: false, code: body.code, message: body.message, data: body.data };
      }
      const [noun = '', verb = ''] = name.split('.');
      try {
        const handler = clientOf(carrier, mayWrite)[noun]?.[verb];
        if (handler === undefined) throw new Error(`The contract has no ${name}.`);
        return { ok: true, value: await handler(input) };
      } catch (error) {
        if (!(error instanceof ORPCError)) throw error;
        const data = isDefinedError(error) ? (error.data as unknown) : undefined;
        const code: unknown = error.code;
        return { ok: false, code: String(code), message: error.message, data };
      }
    },
    async firstEvent(carrier, name, input, provoke) {
      const enough = new AbortController();
      const { signal } = enough;
      try {
        if (carrier === 'openapi') {
          const body = (await overOpenApi(name, input, false, signal)).body;
          const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
          await provoke();
          let text = '';
          for (;;) {
            text += (await reader?.read())?.value ?? '';
            const data = /^event: message\n(?:.+\n)*?data: (.+)$/m.exec(text)?.[1];
            if (data !== undefined) return JSON.parse(data) as unknown;
          }
        }
        const [noun = '', verb = ''] = name.split('.');
        const stream = (await clientOf(carrier, false)[noun]?.[verb]?.(input, { signal })) as AsyncIterator<unknown>;
        const first = stream.next();
        await provoke();
        return (await first).value as unknown;
      } finally {
        enough.abort();
      }
    },
    close() {
      for (const port of ports) port.close();
    },
  };
}

import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/fetch';
import type { ContractRouterClient } from '@orpc/contract';
import type { Contract } from '../../shared/contract/index.ts';
import { readInstanceNote } from '../engine/instance-lock.ts';
import { readToken } from '../server/token-file.ts';

export interface InstanceAddress {
  /** `--url`; null asks the note of the instance that uses the data directory. */
  readonly url: string | null;
  readonly dataDirectory: string;
}

export interface Instance {
  readonly url: string;
  readonly client: ContractRouterClient<Contract>;
  /** A GET below `/api/v1/`. */
  prometheus(path: string): Promise<Response>;
}

/**
 * The running instance that a command talks to.
 *
 * @throws with a sentence for the user when none is running here and no address is given
 */
export function connectToInstance(address: InstanceAddress): Instance {
  const url = address.url ?? readInstanceNote(address.dataDirectory)?.url ?? null;
  if (url === null) {
    throw new Error(
      `No instance is running on ${address.dataDirectory}. Start one with "vedette serve", or name one with --url.`,
    );
  }
  const token = process.env['VEDETTE_TOKEN'] ?? readToken(address.dataDirectory);
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  return {
    url,
    client: createORPCClient(new RPCLink({ url: `${url}/rpc`, headers: { ...headers, 'x-vedette-client': 'cli' } })),
    prometheus: (path) => fetch(`${url}/api/v1/${path}`, { headers }),
  };
}

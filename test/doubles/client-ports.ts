import type { HttpClientPorts } from '../../electron/engine/collect/http/http-client.ts';
import { revealSecret } from '../../electron/engine/config/secret.ts';
import { readFile } from 'node:fs/promises';
import { createManualClock } from './manual-clock.ts';

/** What HTTP clients need of the outside: files for real, an empty environment, no keychain. */
export function clientPorts(changes: Partial<HttpClientPorts> = {}): HttpClientPorts {
  const { environment = {} } = changes;
  const secrets = { environment, readFile: (path: string) => readFile(path, 'utf8'), keychain: null };
  return {
    revealSecret: (secret) => revealSecret(secret, secrets),
    environment,
    clock: createManualClock(0),
    userAgent: 'Vedette/test',
    ...changes,
  };
}

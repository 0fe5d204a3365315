import type { RemoteServer } from '../config/index.ts';
// Not through the index, which brings the YAML and schema libraries into the thread of the metrics.
import { packSecrets } from '../config/secret.ts';

/** A text that changes with anything about the server, a secret in place included; never to be shown. */
export function serverKey(server: RemoteServer): string {
  return JSON.stringify(packSecrets(server));
}

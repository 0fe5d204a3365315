import type { RemoteServer } from '../config/index.ts';

/** A text that changes with anything about the server, a secret in place included; never to be shown. */
export function serverKey(server: RemoteServer): string {
  const secrets = [server.basicAuth?.password, server.authorization?.credentials];
  return JSON.stringify([server, secrets.map((secret) => (secret?.kind === 'inline' ? secret.reveal() : null))]);
}

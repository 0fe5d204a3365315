import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the token of an installation lies; readable by its owner alone. The command line reads it from there. */
export function tokenFile(dataDirectory: string): string {
  return join(dataDirectory, 'token');
}

/** The token of this installation; made on the first call. */
export function ensureToken(dataDirectory: string): string {
  const existing = readToken(dataDirectory);
  if (existing !== null) return existing;
  const token = randomBytes(32).toString('base64url');
  writeFileSync(tokenFile(dataDirectory), `${token}\n`, { mode: 0o600, flag: 'wx' });
  return token;
}

/** The token, or null when this installation has none yet. */
export function readToken(dataDirectory: string): string | null {
  try {
    return readFileSync(tokenFile(dataDirectory), 'utf8').trim();
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Error(`The token file ${tokenFile(dataDirectory)} cannot be read.`, { cause });
  }
}

import { inspect } from 'node:util';
import type { Secret } from './configuration.ts';

const REFERENCE = /^\$\{(env|keychain):([^}]+)\}$/;
const HIDDEN = '<secret>';

/** The value of a secret, or what to tell the user when it cannot be had. */
export type SecretReading =
  { readonly ok: true; readonly value: string } | { readonly ok: false; readonly message: string };

/** Where secrets are read from; the keychain is null without a desktop. */
export interface SecretPorts {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly readFile: (path: string) => Promise<string>;
  readonly keychain: ((name: string) => Promise<string | null>) | null;
}

/** A secret as the file writes it: `${env:NAME}`, `${keychain:NAME}`, or the plain value, which then never prints. */
export function secretFrom(text: string): Secret {
  const [, kind, name] = REFERENCE.exec(text) ?? [];
  if (name !== undefined) return { kind: kind === 'env' ? 'environment' : 'keychain', name };
  return inlineSecret(text);
}

export function fileSecret(path: string): Secret {
  return { kind: 'file', path };
}

/** Read a secret at the moment of its use. A file loses its trailing line break, as in Prometheus. */
export async function revealSecret(secret: Secret, ports: SecretPorts): Promise<SecretReading> {
  switch (secret.kind) {
    case 'inline':
      return { ok: true, value: secret.reveal() };
    case 'environment': {
      const value = ports.environment[secret.name];
      return value === undefined
        ? { ok: false, message: `The environment variable ${secret.name} is not set.` }
        : { ok: true, value };
    }
    case 'file':
      try {
        return { ok: true, value: (await ports.readFile(secret.path)).trim() };
      } catch (error) {
        return { ok: false, message: `The secret file ${secret.path} cannot be read: ${describe(error)}.` };
      }
    case 'keychain': {
      if (ports.keychain === null) {
        return {
          ok: false,
          message: `The secret "${secret.name}" is in a desktop's keychain, and this runs without one.`,
        };
      }
      const value = await ports.keychain(secret.name);
      return value === null
        ? { ok: false, message: `The keychain holds no secret "${secret.name}".` }
        : { ok: true, value };
    }
  }
}

/** What may be shown of a secret: the reference, never a value. */
export function describeSecret(secret: Secret): string {
  switch (secret.kind) {
    case 'inline':
      return HIDDEN;
    case 'environment':
      return `\${env:${secret.name}}`;
    case 'keychain':
      return `\${keychain:${secret.name}}`;
    case 'file':
      return secret.path;
  }
}

/**
 * Plain data that may cross to a worker thread: every inline secret of the configuration becomes its value under a key
 * of its own. `structuredClone` refuses the configuration itself, so that no secret crosses unnoticed or gets lost.
 */
export function packSecrets(value: unknown): unknown {
  return mapDeep(value, (part) =>
    part['kind'] === 'inline' && typeof part['reveal'] === 'function'
      ? { kind: PACKED, value: (part as Extract<Secret, { kind: 'inline' }>).reveal() }
      : undefined,
  );
}

/** Undo {@link packSecrets} on the other side. `T` is the type of what was packed. */
// The type is the caller's word for what the other side packed, as with `JSON.parse`.
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
export function unpackSecrets<T>(packed: unknown): T {
  return mapDeep(packed, (part) => (part['kind'] === PACKED ? inlineSecret(String(part['value'])) : undefined)) as T;
}

/**
 * The same data with every secret of the keychain read. One that cannot be had stays as it is: it is reported at its
 * use, with the words of the keychain.
 */
export async function takeFromKeychain<T>(value: T, ports: SecretPorts): Promise<T> {
  const names = new Set<string>();
  const isKeychain = (part: Record<string, unknown>): boolean =>
    part['kind'] === 'keychain' && typeof part['name'] === 'string';
  mapDeep(value, (part) => {
    if (isKeychain(part)) names.add(String(part['name']));
    return undefined;
  });
  if (names.size === 0) return value;
  const read = new Map<string, string>();
  for (const name of names) {
    const reading = await revealSecret({ kind: 'keychain', name }, ports);
    if (reading.ok) read.set(name, reading.value);
  }
  return mapDeep(value, (part) => {
    const found = isKeychain(part) ? read.get(String(part['name'])) : undefined;
    if (found !== undefined) return inlineSecret(found);
    return typeof part['reveal'] === 'function' ? part : undefined;
  }) as T;
}

const PACKED = 'packed-secret';

function mapDeep(value: unknown, replace: (part: Record<string, unknown>) => unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => mapDeep(item, replace));
  if (typeof value !== 'object' || value === null) return value;
  const part = value as Record<string, unknown>;
  return replace(part) ?? Object.fromEntries(Object.entries(part).map(([key, item]) => [key, mapDeep(item, replace)]));
}

/** The value lives in a closure alone: printing, JSON and string concatenation show `<secret>`. */
function inlineSecret(value: string): Secret {
  const secret = { kind: 'inline' as const, reveal: () => value };
  const hidden = { value: () => HIDDEN, enumerable: false };
  return Object.defineProperties(secret, { toJSON: hidden, toString: hidden, [inspect.custom]: hidden });
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

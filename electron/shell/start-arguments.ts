import { parseArgs } from 'node:util';
import { deepLinkPath } from '../../shared/security/deep-link.ts';

/** What the desktop application was started with. */
export interface StartArguments {
  /** Start in the tray, as at login. */
  readonly isHidden: boolean;
  /** Null takes the default location. */
  readonly configFile: string | null;
  readonly dataDirectory: string | null;
  /** Where the application also answers over HTTP; always on this machine. */
  readonly listen: { readonly host: string; readonly port: number };
  /** Whether reading over HTTP needs the token too. */
  readonly isClosed: boolean;
  /** The page that a link asked for; null for none. */
  readonly path: string | null;
}

const DEFAULT_LISTEN = { host: '127.0.0.1', port: 9777 };

/**
 * Read `--hidden`, `--config`, `--data`, `--listen`, `--closed` and a link out of a command line. Whatever else stands
 * there belongs to Chromium, which takes its switches from the same line.
 */
export function readStartArguments(argv: readonly string[]): StartArguments {
  const { values, positionals } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    options: {
      hidden: { type: 'boolean' },
      config: { type: 'string' },
      data: { type: 'string' },
      listen: { type: 'string' },
      closed: { type: 'boolean' },
    },
  });
  const text = (value: string | boolean | undefined): string | null => (typeof value === 'string' ? value : null);
  return {
    isHidden: values.hidden === true,
    configFile: text(values.config),
    dataDirectory: text(values.data),
    listen: loopbackAddress(text(values.listen)),
    isClosed: values.closed === true,
    path: positionals.map(deepLinkPath).find((path) => path !== null) ?? null,
  };
}

/** Only addresses of this machine: a desktop is no server for others. That is what `vedette serve` is for. */
function loopbackAddress(text: string | null): { host: string; port: number } {
  const match = /^(127\.0\.0\.1|localhost|\[::1\]):(\d{1,5})$/.exec(text ?? '');
  const host = match?.[1];
  if (host === undefined) return DEFAULT_LISTEN;
  return { host: host === '[::1]' ? '::1' : host, port: Number(match?.[2]) };
}

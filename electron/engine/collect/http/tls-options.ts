import { readFile } from 'node:fs/promises';
import type { AgentOptions } from 'node:https';
import type { TlsConfig } from '../../config/http-client.ts';
import type { RevealSecret } from '../reveal-secret.ts';

export type TlsReading =
  | { readonly ok: true; readonly options: TlsAgentOptions; readonly key: string }
  | { readonly ok: false; readonly message: string };

export type TlsAgentOptions = Pick<
  AgentOptions,
  'ca' | 'cert' | 'key' | 'servername' | 'rejectUnauthorized' | 'minVersion' | 'maxVersion'
>;

/**
 * The TLS options of a connection. Files are read each time, as a renewed certificate must count without a restart;
 * `key` is equal while nothing changed, so that connections can be kept.
 */
export async function readTlsOptions(tls: TlsConfig, revealSecret: RevealSecret): Promise<TlsReading> {
  const ca = await readPem(tls.ca, tls.caFile, 'The file of trusted authorities', 'ca_file');
  if (!ca.ok) return ca;
  const cert = await readPem(tls.cert, tls.certFile, 'The client certificate', 'cert_file');
  if (!cert.ok) return cert;
  const key = tls.key === null ? null : await revealSecret(tls.key);
  if (key !== null && !key.ok) return key;
  return {
    ok: true,
    key: JSON.stringify([ca.pem, cert.pem, key?.value]),
    options: {
      rejectUnauthorized: !tls.insecureSkipVerify,
      ...(ca.pem === null ? {} : { ca: ca.pem }),
      ...(cert.pem === null ? {} : { cert: cert.pem }),
      ...(key === null ? {} : { key: key.value }),
      ...(tls.serverName === null ? {} : { servername: tls.serverName }),
      ...(tls.minVersion === null ? {} : { minVersion: tls.minVersion }),
      ...(tls.maxVersion === null ? {} : { maxVersion: tls.maxVersion }),
    },
  };
}

type PemReading = { readonly ok: true; readonly pem: string | null } | { readonly ok: false; readonly message: string };

async function readPem(text: string | null, file: string | null, what: string, key: string): Promise<PemReading> {
  if (file === null) return { ok: true, pem: text };
  try {
    return { ok: true, pem: await readFile(file, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'does not exist' : `cannot be read (${code ?? String(error)})`;
    return { ok: false, message: `${what} ${file} ${reason} (tls_config: ${key}).` };
  }
}

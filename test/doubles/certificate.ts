import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Certificate {
  readonly key: string;
  /** The certificate, followed by what signed it, in PEM. */
  readonly chain: string;
  /** What a client has to trust: itself when it is self-signed. */
  readonly authority: string;
}

export interface CertificateOptions {
  /** Subject alternative names, as openssl writes them. */
  readonly names?: string;
  readonly days?: number;
  /** Sign with an authority of its own, valid for that many days, instead of with itself. */
  readonly authorityDays?: number;
}

/** A fresh certificate, made with the openssl command. */
export function makeCertificate(options: CertificateOptions = {}): Certificate {
  const { names = 'IP:127.0.0.1', days = 30, authorityDays } = options;
  const folder = mkdtempSync(join(tmpdir(), 'vedette-certificate-'));
  const path = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): void => {
    execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
  };
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  try {
    writeFileSync(path('leaf.ext'), `subjectAltName=${names}\n`);
    if (authorityDays === undefined) {
      const subject = ['-subj', '/CN=test leaf', '-addext', `subjectAltName=${names}`];
      openssl('req', '-x509', ...newKey, '-keyout', 'leaf.key', '-out', 'leaf.pem', '-days', String(days), ...subject);
      const leaf = readFileSync(path('leaf.pem'), 'utf8');
      return { key: readFileSync(path('leaf.key'), 'utf8'), chain: leaf, authority: leaf };
    }
    const ca = ['-keyout', 'ca.key', '-out', 'ca.pem', '-days', String(authorityDays), '-subj', '/CN=test authority'];
    openssl('req', '-x509', ...newKey, ...ca);
    openssl('req', ...newKey, '-keyout', 'leaf.key', '-out', 'leaf.csr', '-subj', '/CN=test leaf');
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'leaf.ext'];
    openssl('x509', '-req', '-in', 'leaf.csr', ...signing, '-out', 'leaf.pem', '-days', String(days));
    const authority = readFileSync(path('ca.pem'), 'utf8');
    return {
      key: readFileSync(path('leaf.key'), 'utf8'),
      chain: readFileSync(path('leaf.pem'), 'utf8') + authority,
      authority,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import * as tls from 'node:tls';

/**
 * Trust the certificate authorities of this machine beside those that come with Node: a company's own authority is
 * installed there. Counts for the calling thread. Where the runtime cannot (BoringSSL builds), its own list stays.
 */
export function trustSystemCertificates(): void {
  if (!('setDefaultCACertificates' in tls)) return;
  tls.setDefaultCACertificates([...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])]);
}

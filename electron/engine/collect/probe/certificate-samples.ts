import type { CertificateFacts, ProbeSample } from './probe.ts';

/** The series of a certificate: blackbox_exporter's names, then our own. */
export function certificateSamples(certificate: CertificateFacts): ProbeSample[] {
  const { earliestExpiresAt, leafExpiresAt, protocol, isTrusted } = certificate;
  const samples: ProbeSample[] = [];
  const add = (name: string, value: number, labels: ProbeSample['labels'] = {}): void =>
    void samples.push({ name, labels, value });
  add('probe_ssl_earliest_cert_expiry', earliestExpiresAt / 1000);
  if (isTrusted) add('probe_ssl_last_chain_expiry_timestamp_seconds', earliestExpiresAt / 1000);
  add('probe_ssl_last_chain_info', 1, {
    fingerprint_sha256: certificate.fingerprint,
    subject: certificate.distinguishedName,
    issuer: certificate.issuerDistinguishedName,
    subjectalternative: certificate.names.join(','),
  });
  add('probe_tls_version_info', 1, { version: (protocol ?? '').replace('TLSv', 'TLS ').replace(/^TLS 1$/, 'TLS 1.0') });
  if (certificate.cipher !== null) add('probe_tls_cipher_info', 1, { cipher: certificate.cipher });
  add('vedette_check_certificate_expiry_timestamp_seconds', leafExpiresAt / 1000);
  add('vedette_check_certificate_trusted', isTrusted ? 1 : 0);
  return samples;
}

import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { describeCertificateFault } from '../network-problem.ts';
import type { CertificateFacts } from './probe.ts';

/** Read what the other side of a finished handshake presented, trusted or not. */
export function readCertificate(socket: TLSSocket): CertificateFacts {
  const leaf = socket.getPeerCertificate(true);
  const code = socket.authorized ? null : String(socket.authorizationError);
  return {
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().standardName,
    fingerprint: (leaf as Partial<DetailedPeerCertificate>).fingerprint256?.replaceAll(':', '').toLowerCase() ?? '',
    names: [...(leaf.subjectaltname ?? '').matchAll(/DNS:([^,\s"]+)/g)].map(([, name = '']) => name),
    distinguishedName: distinguishedName(leaf.subject),
    issuerDistinguishedName: distinguishedName(leaf.issuer),
    subject: nameOf(leaf.subject),
    issuer: nameOf(leaf.issuer),
    leafExpiresAt: Date.parse(leaf.valid_to),
    earliestExpiresAt: Math.min(...chainOf(leaf).map((one) => Date.parse(one.valid_to))),
    isTrusted: code === null,
    distrust: code === null ? null : (describeCertificateFault(code) ?? `its certificate is refused (${code})`),
  };
}

/** The leaf and its issuers. A root is its own issuer, so that the walk stops at what it has seen. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain = new Map<string, DetailedPeerCertificate>();
  // The types promise an issuer and a fingerprint; an incompletely sent chain and an empty certificate have none.
  let next: Partial<DetailedPeerCertificate> | undefined = leaf;
  while (next?.fingerprint256 !== undefined && !chain.has(next.fingerprint256)) {
    chain.set(next.fingerprint256, next as DetailedPeerCertificate);
    next = next.issuerCertificate;
  }
  return [...chain.values()];
}

/** As Go writes it, and so blackbox_exporter: the last part first. */
function distinguishedName(name: DetailedPeerCertificate['subject'] | undefined): string {
  const parts = Object.entries(name ?? {}) as readonly (readonly [string, string | readonly string[] | undefined])[];
  return parts
    .toReversed()
    .flatMap(([key, value]) => [value ?? []].flat().map((one) => `${key}=${one}`))
    .join(',');
}

function nameOf(name: DetailedPeerCertificate['subject'] | undefined): string {
  const { CN, O } = name ?? {};
  const first = CN ?? O ?? '';
  return Array.isArray(first) ? (first[0] ?? '') : first;
}

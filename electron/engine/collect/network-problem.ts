/** Why a connection failed, for people and for decisions. */
export interface NetworkProblem {
  /** Stable and short: `refused`, `timeout`, `dns`, `dns-server`, `reset`, `unreachable`, `network`, `tls`, `protocol`, `redirects`, `local`, `unknown`. */
  readonly code: string;
  /** What failed, on what, and what to do. */
  readonly message: string;
  /** Whose fault it may be: a fault on our side says nothing about the target. */
  readonly side: 'target' | 'ours';
}

const CERTIFICATE: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate comes from an authority that is not trusted here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'it does not send the intermediate certificate that its own was signed with',
  UNABLE_TO_GET_ISSUER_CERT: 'the issuer of its certificate is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the issuer of its certificate is not known here',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  CERT_REVOKED: 'its certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** What a certificate's fault means; null for a code that is about something else. */
export function describeCertificateFault(code: string): string | null {
  return CERTIFICATE[code] ?? null;
}

/**
 * Explain an error of `node:http`, `node:tls`, `node:dns` or axios.
 *
 * @param address `host:port` or the name that was asked, as a person knows it
 */
export function explainNetworkError(error: unknown, address: string): NetworkProblem {
  const code = codeOf(error);
  const certificate = describeCertificateFault(code);
  if (certificate !== null) {
    return target(
      'tls',
      `The secure connection to ${address} is not trusted: ${certificate}. Renew or trust it, or switch verification off for this one.`,
    );
  }
  switch (code) {
    case 'ECONNREFUSED':
      return target(
        'refused',
        `Nothing listens on ${address} (connection refused). Is it running, and is this its port?`,
      );
    case 'ETIMEDOUT':
    case 'ECONNABORTED':
    case 'ESOCKETTIMEDOUT':
      return target(
        'timeout',
        `${address} did not answer in time. Is it overloaded, or does a firewall drop the packets?`,
      );
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ERR_STREAM_PREMATURE_CLOSE':
      return target(
        'reset',
        `${address} closed the connection before its answer was complete. Its own log may say why.`,
      );
    case 'ENOTFOUND':
    case 'ENODATA':
      return target('dns', `The name of ${address} does not resolve. Check its spelling.`);
    case 'EAI_AGAIN':
    case 'ESERVFAIL':
    case 'EREFUSED':
      return ours(
        'dns-server',
        `No name server could say what ${address} is. Check this machine's network and name server.`,
      );
    case 'EHOSTUNREACH':
    case 'EHOSTDOWN':
      return target(
        'unreachable',
        `${address} cannot be reached (no route to the host). Is the machine on, and the VPN?`,
      );
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return ours('network', `This machine has no network that leads to ${address}.`);
    case 'EMFILE':
    case 'ENFILE':
    case 'ENOBUFS':
    case 'EACCES':
    case 'EPERM':
      return ours('local', `This machine could not open a connection to ${address} (${code}).`);
    case 'ERR_FR_TOO_MANY_REDIRECTS':
      return target('redirects', `${address} redirects in a circle.`);
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return target(
        'tls',
        `${address} does not speak TLS as expected. Should the address begin with http: instead of https:?`,
      );
  }
  if (code.startsWith('HPE_')) {
    return target('protocol', `${address} does not speak HTTP. Is it another service, or https: instead of http:?`);
  }
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')) {
    return target('tls', `The secure connection to ${address} failed: ${messageOf(error)}.`);
  }
  return target('unknown', `The connection to ${address} failed: ${messageOf(error)}.`);
}

function target(code: string, message: string): NetworkProblem {
  return { code, message, side: 'target' };
}

function ours(code: string, message: string): NetworkProblem {
  return { code, message, side: 'ours' };
}

/** Codes of one address among several that say little: a machine without IPv6 gets them for every name that has it. */
const WEAK_CODES = ['ENETUNREACH', 'EADDRNOTAVAIL', 'EAFNOSUPPORT'];

/** The system's code, also from inside the AggregateError of a host with several addresses and from a `cause`. */
function codeOf(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: readonly unknown[] };
  if (Array.isArray(errors) && errors.length > 0) {
    const codes = errors.map(codeOf);
    return codes.find((one) => !WEAK_CODES.includes(one)) ?? codes[0] ?? '';
  }
  const inner = cause === undefined ? '' : codeOf(cause);
  return inner === '' && typeof code === 'string' ? code : inner;
}

function messageOf(error: unknown): string {
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}

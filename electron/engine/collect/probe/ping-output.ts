/** What one line of `ping` tells. */
export type PingEvent =
  | {
      readonly kind: 'reply';
      readonly sequence: number | null;
      readonly roundTripMs: number;
      readonly hopLimit: number | null;
    }
  | { readonly kind: 'lost'; readonly sequence: number | null; readonly message: string };

/** Read a line of iputils, macOS or an English Windows; null for a line that tells nothing of a packet. */
export function readPingLine(line: string): PingEvent | null {
  const sequence = numberIn(/icmp_seq[= ](\d+)/, line);
  if (/\bDUP!/.test(line)) return null;
  const roundTripMs = numberIn(/time[=<](\d+(?:\.\d+)?) ?ms/, line);
  if (roundTripMs !== null && !line.startsWith('no answer yet')) {
    return { kind: 'reply', sequence, roundTripMs, hopLimit: numberIn(/(?:ttl|hlim)=(\d+)/i, line) };
  }
  const isLost =
    /^no answer yet for|^Request timeout for|^Request timed out/.test(line) ||
    /Destination .*[Uu]nreachable|Time to live exceeded|Packet filtered|Frag needed/.test(line);
  return isLost ? { kind: 'lost', sequence, message: line } : null;
}

function numberIn(pattern: RegExp, line: string): number | null {
  const [, digits] = pattern.exec(line) ?? [];
  return digits === undefined ? null : Number(digits);
}

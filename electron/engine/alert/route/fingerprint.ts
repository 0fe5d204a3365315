import type { LabelRecord } from '../../../../shared/model/labels.ts';

/** FNV's start value and prime, in halves of 32 bits: numbers of 64 bits are slow here. */
const OFFSET_HIGH = 0xcbf29ce4;
const OFFSET_LOW = 0x84222325;
const PRIME_LOW = 0x1b3;
const encoder = new TextEncoder();
const scratch = new Uint8Array(4096);

/**
 * The identity of an alert: 16 hex digits, equal to Alertmanager's for the same labels.
 *
 * Source: Prometheus common, model/fingerprinting.go: FNV-1a, 64 bits, over name and value, each followed by 0xff, by name.
 */
export function fingerprint(labels: LabelRecord): string {
  let high = OFFSET_HIGH;
  let low = OFFSET_LOW;
  const add = (byte: number): void => {
    const mixed = (low ^ byte) >>> 0;
    // The prime is 2^40 + 0x1b3: the low half times 0x1b3 carries over, and the low half shifted by 8 is added above.
    const product = mixed * PRIME_LOW;
    high = (Math.imul(high, PRIME_LOW) + Math.floor(product / 0x1_0000_0000) + (mixed << 8)) >>> 0;
    low = product >>> 0;
  };
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] ?? '']) {
      const bytes = text.length * 3 > scratch.length ? encoder.encode(text) : scratch.subarray(0, encoder.encodeInto(text, scratch).written); // prettier-ignore
      for (const byte of bytes) add(byte);
      add(0xff);
    }
  }
  return high.toString(16).padStart(8, '0') + low.toString(16).padStart(8, '0');
}

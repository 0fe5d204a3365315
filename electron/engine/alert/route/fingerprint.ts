import type { LabelRecord } from '../../../../shared/model/labels.ts';

const OFFSET = 0xcbf29ce484222325n;
const PRIME = 0x100000001b3n;
const encoder = new TextEncoder();

/**
 * The identity of an alert: 16 hex digits, equal to Alertmanager's for the same labels.
 *
 * Source: Prometheus common, model/fingerprinting.go: FNV-1a, 64 bits, over name and value, each followed by 0xff, by name.
 */
export function fingerprint(labels: LabelRecord): string {
  let hash = OFFSET;
  const add = (byte: number): void => {
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * PRIME);
  };
  for (const name of Object.keys(labels).sort()) {
    for (const text of [name, labels[name] ?? '']) {
      encoder.encode(text).forEach(add);
      add(0xff);
    }
  }
  return hash.toString(16).padStart(16, '0');
}

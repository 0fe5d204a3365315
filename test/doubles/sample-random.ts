/** FNV-1a, 32 bits: the same text gives the same number on every machine. */
export function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value >>> 0;
}

/** A share 0–1 that is fixed by the text. */
export function share(text: string): number {
  return hash(text) / 0xffffffff;
}

/** A calm wave with noise at a time, 0–1: two periods and a grain that the seed fixes. */
export function wave(seed: string, at: number): number {
  const phase = share(seed) * Math.PI * 2;
  const slow = Math.sin(at / 1_300_000 + phase);
  const fast = Math.sin(at / 210_000 + phase * 3);
  const grain = share(`${seed}${String(Math.floor(at / 5000))}`) - 0.5;
  return Math.min(1, Math.max(0, 0.45 + slow * 0.2 + fast * 0.1 + grain * 0.12));
}

const STEPS = ['B', 'KB', 'MB', 'GB', 'TB', 'PB', 'EB'];
const SIZE = /^(?:\d+(?:\.\d+)?(?:[KMGTPE]i?)?B)+$/;
const PART = /(\d+(?:\.\d+)?)([KMGTPE]?)i?B/g;

/**
 * Bytes of a size as Prometheus writes it: `15MB`, `1.5GiB`, `0`. A step is 1,024, with and without the `i`.
 *
 * @returns null when the text is no such size: a unit is required (except for `0`)
 */
export function parseSize(text: string): number | null {
  if (text === '0') return 0;
  if (!SIZE.test(text)) return null;
  let bytes = 0;
  for (const [, amount, step] of text.matchAll(PART)) bytes += Number(amount) * 1024 ** STEPS.indexOf(`${step ?? ''}B`);
  return Math.round(bytes);
}

/** `16106127360` gives `15GB`; the largest unit that leaves no rest. */
export function formatSize(bytes: number): string {
  let index = 0;
  let rest = bytes;
  while (rest > 0 && rest % 1024 === 0 && index < STEPS.length - 1) {
    rest /= 1024;
    index += 1;
  }
  return bytes === 0 ? '0' : `${String(rest)}${STEPS[index] ?? 'B'}`;
}

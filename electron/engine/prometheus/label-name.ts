/**
 * The label that a path means: names outside the classic alphabet are written `U__my_2e_label` there.
 * Source: prometheus/common, model.UnescapeName with ValueEncodingEscaping; what is not well formed stays as it is.
 */
export function labelNameOfPath(name: string): string {
  if (!name.startsWith('U__')) return name;
  const escaped = name.slice(3);
  let plain = '';
  let at = 0;
  while (at < escaped.length) {
    if (escaped[at] !== '_') {
      plain += escaped[at] ?? '';
      at += 1;
      continue;
    }
    const [whole, digits] = /^_([0-9a-fA-F]{0,6})_/.exec(escaped.slice(at, at + 8)) ?? [];
    if (whole === undefined || digits === undefined) return name;
    const code = digits === '' ? 0x5f : parseInt(digits, 16);
    if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return name;
    plain += String.fromCodePoint(code);
    at += whole.length;
  }
  return plain;
}

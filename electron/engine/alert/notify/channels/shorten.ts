/** At most so many characters (code points), the last one an ellipsis where something was cut off. */
export function shorten(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

/** At most so many bytes of UTF-8, cut between characters. */
export function shortenBytes(text: string, mostBytes: number): string {
  if (Buffer.byteLength(text) <= mostBytes) return text;
  let sizeBytes = 3;
  let kept = '';
  for (const character of text) {
    sizeBytes += Buffer.byteLength(character);
    if (sizeBytes > mostBytes) break;
    kept += character;
  }
  return `${kept}…`;
}

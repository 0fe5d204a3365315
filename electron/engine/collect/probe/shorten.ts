/** The beginning of a stranger's text, made fit to be shown: one line, no control characters. */
export function shorten(text: string, most = 120): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim();
  return line.length > most ? `${line.slice(0, most)}…` : line;
}

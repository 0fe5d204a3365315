/** A line is drawn up to here; its details show the rest. */
const MOST_CHARACTERS = 1500;
const MOST_WRAPPED = 6000;

/** Colour codes of terminals, which programs write into their logs. */
const ANSI = /\u001b\[[0-9;?]*[ -/]*[@-~]/g;
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** An entry as a row shows it: one line, without colour codes, with a sign where the entry goes on in a new line. */
export function rowText(text: string): string {
  const cut = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  return cleanText(cut)
    .trimEnd()
    .replace(/\s*\r?\n\s*/g, ' ⏎ ')
    .replaceAll('\t', '  ');
}

/** An entry as a wrapped row shows it: with its line breaks. */
export function wrappedText(text: string): string {
  const cut = text.length > MOST_WRAPPED ? `${text.slice(0, MOST_WRAPPED)}…` : text;
  return cleanText(cut).trimEnd();
}

/** Without what a screen cannot show. */
export function cleanText(text: string): string {
  return text.replace(ANSI, '').replace(CONTROL, '�');
}

/** JSON in a readable form; null when the text is none. */
export function prettyJson(text: string): string | null {
  const trimmed = text.trim();
  if (!/^[[{]/.test(trimmed)) return null;
  try {
    return JSON.stringify(JSON.parse(trimmed), null, 2);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** `14:02:11.084`, after the date when the list spans more than a day: `11-22 14:02:11.084`. */
export function rowTime(at: number, withDate: boolean): string {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${String(date.getMilliseconds()).padStart(3, '0')}`;
  return withDate ? `${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}` : time;
}

function two(value: number): string {
  return value < 10 ? `0${String(value)}` : String(value);
}

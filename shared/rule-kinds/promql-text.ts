const UNITS: readonly (readonly [unit: string, ms: number])[] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];
const SELECTOR = /^[a-zA-Z_:][\w:]*\s*(?:\{(?:[^"'`{}]|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`)*\})?$/;
const TOKEN = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`|[A-Za-z_:][\w:]*|[^]/g;

/** A duration as Prometheus writes it: `90000` gives `1m30s`; weeks only where they leave no rest. */
export function durationText(ms: number): string {
  let rest = Math.round(ms);
  if (rest <= 0) return '0s';
  let text = '';
  for (const [unit, size] of UNITS) {
    if (rest < size || (unit === 'w' && rest % size !== 0)) continue;
    text += `${String(Math.floor(rest / size))}${unit}`;
    rest %= size;
  }
  return text;
}

/** Whether a text is a metric's name, with label matchers or without. */
export function isSelector(text: string): boolean {
  return SELECTOR.test(text.trim());
}

/** The subject over a window: `x[5m]`, or a subquery of anything that is more than a selector. */
export function overWindow(subject: string, windowMs: number, offsetMs = 0): string {
  const offset = offsetMs === 0 ? '' : ` offset ${durationText(offsetMs)}`;
  if (isSelector(subject)) return `${subject.trim()}[${durationText(windowMs)}]${offset}`;
  // About sixty points in a window, but none closer together than samples usually are.
  const stepMs = Math.max(15_000, Math.round(windowMs / 60 / 15_000) * 15_000);
  return `(${subject.trim()})[${durationText(windowMs)}:${durationText(stepMs)}]${offset}`;
}

/** Put parentheses around an expression whose operators would bind otherwise beside others. */
export function operand(expr: string): string {
  const trimmed = expr.trim();
  return isSelector(trimmed) || isCall(trimmed) ? trimmed : `(${trimmed})`;
}

/** A text in quotes, as a value of a label matcher. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Whether nothing but one call or aggregation stands at the outer level: `sum by (job) (rate(x[5m]))`. */
function isCall(expr: string): boolean {
  if (!expr.endsWith(')')) return false;
  let depth = 0;
  let groups = 0;
  for (const [token] of expr.matchAll(TOKEN)) {
    if ('([{'.includes(token)) {
      if (depth === 0) groups += token === '(' ? 1 : 2;
      depth++;
    } else if (')]}'.includes(token)) depth--;
    else if (depth === 0 && !/^(?:\s|[A-Za-z_:][\w:]*)$/.test(token)) return false;
    else if (depth === 0 && /^(?:and|or|unless|atan2|offset)$/i.test(token)) return false;
  }
  return groups <= 2;
}

/** Milliseconds of `5m`, `1h30m`, `2w`; null for anything else. */
export function durationMs(text: string): number | null {
  const trimmed = text.trim();
  if (trimmed === '0') return 0;
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(trimmed);
  if (match === null || trimmed === '') return null;
  return UNITS.reduce((sum, [, ms], index) => sum + Number(match[index + 1] ?? 0) * ms, 0);
}

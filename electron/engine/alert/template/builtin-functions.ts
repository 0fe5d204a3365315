import { formatValue, sprint, sprintf } from './format-value.ts';
import {
  CallFailure,
  compareText,
  isTrue,
  typeName,
  type TemplateFunction,
  type TemplateValue,
} from './template-value.ts';

/**
 * The functions that every Go template has. `and` and `or` stand here for their names; the evaluator runs them, because
 * they stop at the argument that decides. Source: Go, text/template/funcs.go.
 */
export const BUILTINS: ReadonlyMap<string, TemplateFunction> = new Map<string, TemplateFunction>([
  ['and', { parameters: ['any'], rest: 'any', call: (first = null) => first }],
  ['or', { parameters: ['any'], rest: 'any', call: (first = null) => first }],
  ['not', { parameters: ['any'], call: (value = null) => !isTrue(value) }],
  ['len', { parameters: ['any'], call: (value = null) => length(value) }],
  ['index', { parameters: ['any'], rest: 'any', call: (value = null, ...keys) => keys.reduce(element, value) }],
  ['slice', { parameters: ['any'], rest: 'any', call: (value = null, ...bounds) => slice(value, bounds) }],
  ['print', { parameters: [], rest: 'any', call: (...values) => sprint(values) }],
  ['println', { parameters: [], rest: 'any', call: (...values) => `${values.map(formatValue).join(' ')}\n` }],
  [
    'printf',
    { parameters: ['string'], rest: 'any', call: (format = '', ...values) => sprintf(formatValue(format), values) },
  ],
  ['html', { parameters: [], rest: 'any', call: (...values) => escapeHtml(escapable(values)) }],
  ['js', { parameters: [], rest: 'any', call: (...values) => escapeJs(escapable(values)) }],
  ['urlquery', { parameters: [], rest: 'any', call: (...values) => queryEscape(escapable(values)) }],
  ['eq', { parameters: ['any'], rest: 'any', call: (first = null, ...others) => equalsAny(first, others) }],
  ['ne', comparison((a, b) => !isEqual(a, b))],
  ['lt', comparison((a, b) => order(a, b) < 0)],
  ['le', comparison((a, b) => order(a, b) < 0 || isEqual(a, b))],
  ['gt', comparison((a, b) => !(order(a, b) < 0 || isEqual(a, b)))],
  ['ge', comparison((a, b) => !(order(a, b) < 0))],
]);

function comparison(test: (a: TemplateValue, b: TemplateValue) => boolean): TemplateFunction {
  return { parameters: ['any', 'any'], call: (a = null, b = null) => test(a, b) };
}

function equalsAny(first: TemplateValue, others: readonly TemplateValue[]): boolean {
  if (others.length === 0) throw new CallFailure('missing argument for comparison');
  return others.some((other) => isEqual(first, other));
}

function isEqual(a: TemplateValue, b: TemplateValue): boolean {
  if (a === null || b === null) return a === b;
  if (typeof a === 'object' || typeof b === 'object') {
    if (typeof a !== typeof b) throw new CallFailure('incompatible types for comparison');
    if (typeof a === 'object' && a.kind !== 'struct') {
      throw new CallFailure(`non-comparable type ${formatValue(a)}: ${typeName(a)}`);
    }
    return formatValue(a) === formatValue(b);
  }
  if (typeof a !== typeof b) throw new CallFailure('incompatible types for comparison');
  return a === b;
}

/** Below 0 when `a < b`; NaN against anything is not below. */
function order(a: TemplateValue, b: TemplateValue): number {
  const isOrdered = (value: TemplateValue): boolean => ['bigint', 'number', 'string'].includes(typeof value);
  if (!isOrdered(a) || !isOrdered(b)) throw new CallFailure('invalid type for comparison');
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  if (typeof a === 'number' && typeof b === 'number') return a < b ? -1 : a > b ? 1 : 0;
  if (typeof a === 'bigint' && typeof b === 'bigint') return a < b ? -1 : a > b ? 1 : 0;
  throw new CallFailure('incompatible types for comparison');
}

function length(value: TemplateValue): bigint {
  if (value === null) throw new CallFailure('len of nil pointer');
  if (typeof value === 'string') return BigInt(new TextEncoder().encode(value).length);
  if (typeof value === 'object' && value.kind === 'list') return BigInt(value.items.length);
  if (typeof value === 'object' && value.kind === 'map') return BigInt(value.entries.size);
  throw new CallFailure(`len of type ${typeName(value)}`);
}

function element(value: TemplateValue, key: TemplateValue): TemplateValue {
  if (value === null) throw new CallFailure('index of untyped nil');
  if (typeof value === 'object' && value.kind === 'map') {
    if (typeof key !== 'string') throw new CallFailure(`value has type ${typeName(key)}; should be string`);
    return value.entries.get(key) ?? value.zero;
  }
  if (typeof value === 'object' && value.kind === 'list')
    return value.items[bound(key, value.items.length - 1)] ?? null;
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value);
    return BigInt(bytes[bound(key, bytes.length - 1)] ?? 0);
  }
  throw new CallFailure(`can't index item of type ${typeName(value)}`);
}

function slice(value: TemplateValue, bounds: readonly TemplateValue[]): TemplateValue {
  if (bounds.length > 3) throw new CallFailure(`too many slice indexes: ${String(bounds.length)}`);
  const cut = (size: number): [number, number] => {
    const [from = 0, to = size] = bounds.map((limit) => bound(limit, size));
    if (from > to) throw new CallFailure(`invalid slice index: ${String(from)} > ${String(to)}`);
    return [from, to];
  };
  if (typeof value === 'string') {
    const bytes = new TextEncoder().encode(value);
    return new TextDecoder().decode(bytes.slice(...cut(bytes.length)));
  }
  if (value !== null && typeof value === 'object' && value.kind === 'list') {
    return { ...value, items: value.items.slice(...cut(value.items.length)) };
  }
  throw new CallFailure(`can't slice item of type ${typeName(value)}`);
}

function bound(index: TemplateValue, limit: number): number {
  if (typeof index !== 'bigint') throw new CallFailure(`cannot index slice/array with type ${typeName(index)}`);
  if (index < 0n || index > BigInt(limit)) throw new CallFailure(`index out of range: ${String(index)}`);
  return Number(index);
}

function escapable(values: readonly TemplateValue[]): string {
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : sprint(values);
}

const HTML_ESCAPES: Readonly<Record<string, string>> = { '"': '&#34;', "'": '&#39;', '&': '&amp;', '<': '&lt;', '>': '&gt;', '\u0000': '\ufffd' }; // prettier-ignore

function escapeHtml(text: string): string {
  return text.replace(/["'&<>\u0000]/g, (char) => HTML_ESCAPES[char] ?? char);
}

function escapeJs(text: string): string {
  return text.replace(/[\\'"<>&=\p{Cc}]/gu, (char) => {
    if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
    return `\\u${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** Go's url.QueryEscape: a space becomes a plus. */
export function queryEscape(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

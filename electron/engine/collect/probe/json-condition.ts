import { query } from 'jsonpath-rfc9535';
import type { JsonValue } from 'jsonpath-rfc9535';

/** A condition over a JSON document: `$.status == "ok"`, `$.queue.length < 100`, or a path alone, which must exist. */
export interface JsonCondition {
  readonly text: string;
  readonly path: string;
  readonly comparison: { readonly operator: Operator; readonly value: JsonValue } | null;
}

const OPERATORS = ['==', '!=', '<=', '>=', '<', '>'] as const;
export type Operator = (typeof OPERATORS)[number];

export type ConditionReading =
  { readonly ok: true; readonly condition: JsonCondition } | { readonly ok: false; readonly message: string };

/** Read a condition: an RFC 9535 path, and an operator with a JSON value. */
export function parseJsonCondition(text: string): ConditionReading {
  const at = operatorAt(text);
  const operator = at < 0 ? undefined : OPERATORS.find((one) => text.startsWith(one, at));
  const path = (operator === undefined ? text : text.slice(0, at)).trim();
  try {
    query(null, path);
  } catch (error) {
    return {
      ok: false,
      message: `"${path}" is no JSON path: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
  if (operator === undefined) return { ok: true, condition: { text, path, comparison: null } };
  const word = text.slice(at + operator.length).trim();
  try {
    return { ok: true, condition: { text, path, comparison: { operator, value: JSON.parse(word) as JsonValue } } };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return {
      ok: false,
      message: `${word === '' ? 'Nothing' : word} after ${operator} is no JSON value; texts need double quotes`,
    };
  }
}

/** What is wrong with a condition, for whoever checks a configuration; null when nothing is. */
export function findConditionFault(text: string): { readonly message: string } | null {
  const reading = parseJsonCondition(text);
  return reading.ok ? null : { message: reading.message };
}

/** Where the comparison is: filters inside brackets and quotes have operators of their own. -1 without one. */
function operatorAt(text: string): number {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '[' || character === '(') depth++;
    else if (character === ']' || character === ')') depth--;
    else if (depth === 0 && OPERATORS.some((operator) => text.startsWith(operator, at))) return at;
  }
  return -1;
}

/**
 * Whether a document fulfils a condition; null when it does, else what was found instead. Every value that the path
 * selects must fulfil it, and there must be one: a missing value is a failure, never a zero.
 */
export function failJsonCondition(document: JsonValue, { text, path, comparison }: JsonCondition): string | null {
  const found = query(document, path);
  if (found.length === 0) return `${text}: ${path} is missing`;
  if (!comparison) return null;
  const wrong = found.find((value) => !holds(value, comparison.operator, comparison.value));
  return wrong === undefined ? null : `${text}: ${path} is ${shorten(JSON.stringify(wrong))}`;
}

function holds(left: JsonValue, operator: Operator, right: JsonValue): boolean {
  switch (operator) {
    case '==':
      return isEqual(left, right);
    case '!=':
      return !isEqual(left, right);
    default:
      return isOrdered(left, operator, right);
  }
}

/** Numbers and texts have an order, each among themselves; nothing else does. Source: RFC 9535, 2.3.5.2.2. */
function isOrdered(left: JsonValue, operator: '<' | '>' | '<=' | '>=', right: JsonValue): boolean {
  const areNumbers = typeof left === 'number' && typeof right === 'number';
  const areTexts = typeof left === 'string' && typeof right === 'string';
  if (!areNumbers && !areTexts) return false;
  switch (operator) {
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
  }
}

function isEqual(left: JsonValue, right: JsonValue): boolean {
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return left === right;
  const [a, b] = [Object.entries(left), new Map(Object.entries(right))];
  return (
    Array.isArray(left) === Array.isArray(right) &&
    a.length === b.size &&
    a.every(([key, value]) => b.has(key) && isEqual(value, b.get(key) as JsonValue))
  );
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

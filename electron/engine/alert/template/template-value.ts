/**
 * What a template computes with. Go's types are kept apart, because templates see the difference: a whole number is a
 * bigint, a float64 a number, and nothing at all is null.
 */
export type TemplateValue = null | boolean | bigint | number | string | TemplateList | TemplateMap | TemplateStruct;

export interface TemplateList {
  readonly kind: 'list';
  /** The Go type, for messages. */
  readonly type: string;
  readonly items: readonly TemplateValue[];
  readonly methods?: ReadonlyMap<string, TemplateFunction>;
}

export interface TemplateMap {
  readonly kind: 'map';
  readonly type: string;
  readonly entries: ReadonlyMap<string, TemplateValue>;
  /** What a missing key gives. */
  readonly zero: TemplateValue;
  readonly methods?: ReadonlyMap<string, TemplateFunction>;
}

export interface TemplateStruct {
  readonly kind: 'struct';
  readonly type: string;
  readonly fields: ReadonlyMap<string, TemplateValue>;
  readonly methods: ReadonlyMap<string, TemplateFunction>;
  /** The value as `print` shows it. */
  readonly text: string;
}

/** A type that a function asks of an argument; `any` takes everything. Others are Go type names of lists and structs. */
export type ParameterType = 'any' | 'string' | 'int' | 'float64' | 'bool' | (string & {});

export interface TemplateFunction {
  readonly parameters: readonly ParameterType[];
  /** The type of any further arguments; absent when there may be none. */
  readonly rest?: ParameterType;
  readonly call: (...values: readonly TemplateValue[]) => TemplateValue;
}

/** A function refuses its arguments; the message becomes `error calling NAME: …`. */
export class CallFailure extends Error {}

/** The Go type name of a value. */
export function typeName(value: TemplateValue): string {
  if (value === null) return '<nil>';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'string':
      return 'string';
    default:
      return value.type;
  }
}

/** An argument whose type the evaluator has checked to be text. */
export function textOf(value: TemplateValue | undefined): string {
  if (typeof value !== 'string')
    throw new TypeError('A function of templates got something else than the text it asks for.');
  return value;
}

/** Go's idea of true: not the zero value of its type. */
export function isTrue(value: TemplateValue): boolean {
  if (value === null) return false;
  switch (typeof value) {
    case 'boolean':
      return value;
    case 'bigint':
      return value !== 0n;
    case 'number':
      return value !== 0;
    case 'string':
      return value !== '';
    default:
      return value.kind === 'list' ? value.items.length > 0 : value.kind === 'map' ? value.entries.size > 0 : true;
  }
}

export function stringMap(record: Readonly<Record<string, string>>): TemplateMap {
  return { kind: 'map', type: 'map[string]string', entries: new Map(Object.entries(record)), zero: '' };
}

/** Map keys in the order in which Go prints and ranges over them: by bytes of UTF-8. */
export function sortedKeys(map: TemplateMap): string[] {
  return [...map.entries.keys()].sort(compareText);
}

/** By code point, which is the order of UTF-8 bytes. */
export function compareText(a: string, b: string): number {
  const [left, right] = [Array.from(a), Array.from(b)];
  for (let i = 0; i < Math.min(left.length, right.length); i++) {
    const difference = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

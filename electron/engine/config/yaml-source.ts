import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from 'yaml';
import type { Document, Node, ParsedNode, YAMLMap } from 'yaml';
import { formatPath } from './problem.ts';
import type { Locator, Path, Position, Problem } from './problem.ts';

/**
 * A YAML value with every scalar as its text. Go reads `severity: 1.0` into a string field as "1.0", which a typed
 * reading would turn into "1"; the schema decides what a text means.
 */
export type PlainValue = string | null | readonly PlainValue[] | PlainMap;
export interface PlainMap {
  readonly [key: string]: PlainValue;
}

export interface ConfigSource extends Locator {
  readonly file: string;
  readonly value: PlainValue;
}

export type YamlReading =
  | { readonly ok: true; readonly source: ConfigSource; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** More than any real file holds; what exceeds it is a bomb of aliases. */
const MOST_NODES = 2_000_000;
const DEEPEST = 100;
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL']);

/**
 * Read the first document of a YAML (or JSON) text.
 *
 * A second document is ignored with a warning, as Prometheus does. Aliases and merge keys are resolved; `!!binary` must
 * be UTF-8. All syntax errors are reported.
 */
export function readYaml(text: string, file: string): YamlReading {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { schema: 'failsafe', lineCounter: lines, prettyErrors: false });
  const document = Array.isArray(documents) ? documents[0] : undefined;
  if (document === undefined) {
    const place: Locator = { at: () => ({ file, line: 1, column: 1 }), inside: () => ({ file, line: 1, column: 1 }) };
    return { ok: true, source: { file, value: null, ...place }, warnings: [] };
  }
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const problems: Problem[] = document.errors.map((error) => ({
    ...position(error.pos[0]),
    path: '',
    message: `${error.message}.`,
    remedy: error.code === 'DUPLICATE_KEY' ? 'Merge the two entries into one.' : 'Correct the YAML syntax.',
  }));
  const converter = new Converter(document, (node, path, message, remedy) => {
    problems.push({ ...position(node?.range?.[0] ?? 0), path: formatPath(path), message, remedy });
  });
  const value = problems.length > 0 ? null : converter.convert(document.contents, [], 0);
  if (problems.length > 0) return { ok: false, problems };
  const second = documents[1];
  const warnings: Problem[] =
    second === undefined
      ? []
      : [
          {
            ...position(second.range[0]),
            path: '',
            message: 'The file holds a second YAML document; only the first is used.',
            remedy: 'Move it into a file of its own.',
          },
        ];
  return { ok: true, source: { file, value, ...locatorOf(document, text.split('\n'), position) }, warnings };
}

/** Null, or the entries of a mapping; the shape that every section may have. */
export function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Report = (node: Node | null, path: Path, message: string, remedy: string) => void;

class Converter {
  #visited = 0;
  readonly #document: Document;
  readonly #report: Report;

  constructor(document: Document, report: Report) {
    this.#document = document;
    this.#report = report;
  }

  convert(node: unknown, path: Path, depth: number): PlainValue {
    this.#visited += 1;
    if (depth > DEEPEST || this.#visited > MOST_NODES) {
      if (this.#visited !== Infinity) {
        this.#report(
          null,
          path,
          'The file nests too deeply or repeats its aliases too often.',
          'Write it out plainly.',
        );
      }
      this.#visited = Infinity;
      return null;
    }
    if (isAlias(node)) return this.convert(node.resolve(this.#document), path, depth + 1);
    if (isScalar(node)) {
      if (node.value instanceof Uint8Array) return this.#decode(node, node.value, path);
      const text = String(node.value);
      return node.type === 'PLAIN' && NULLS.has(text) ? null : text;
    }
    if (isSeq(node)) return node.items.map((item, index) => this.convert(item, [...path, index], depth + 1));
    if (isMap(node)) return this.#convertMap(node, path, depth);
    return null;
  }

  #convertMap(map: YAMLMap, path: Path, depth: number): PlainMap {
    // A null prototype, so that a key such as `__proto__` is an ordinary (and unknown) key.
    const entries: Record<string, PlainValue> = Object.create(null) as Record<string, PlainValue>;
    for (const merged of mergedMaps(map, this.#document)) {
      for (const [key, value] of Object.entries(this.#convertMap(merged, path, depth + 1))) entries[key] ??= value;
    }
    for (const pair of map.items) {
      if (isMergeKey(pair.key)) continue;
      const key = this.#key(pair.key, path, depth);
      if (key !== undefined) entries[key] = this.convert(pair.value, [...path, key], depth + 1);
    }
    return entries;
  }

  #key(node: unknown, path: Path, depth: number): string | undefined {
    const key =
      isScalar(node) && !(node.value instanceof Uint8Array) ? String(node.value) : this.convert(node, path, depth);
    if (typeof key === 'string') return key;
    this.#report(node as Node, path, 'A key must be text.', 'Write the key as a word or in quotes.');
    return undefined;
  }

  #decode(node: Node, bytes: Uint8Array, path: Path): PlainValue {
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#report(node, path, 'The binary value is not UTF-8 text.', 'Write the value as text.');
      return '';
    }
  }
}

function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function* mergedMaps(map: YAMLMap, document: Document): Generator<YAMLMap> {
  for (const pair of map.items) {
    if (!isMergeKey(pair.key)) continue;
    const value = resolve(pair.value, document);
    for (const item of isSeq(value) ? value.items : [value]) {
      const merged = resolve(item, document);
      if (isMap(merged) && merged !== map) yield merged;
    }
  }
}

function resolve(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function locatorOf(
  document: Document.Parsed,
  textLines: readonly string[],
  position: (offset: number) => Position,
): Locator {
  const nodeStart = (node: unknown): number | undefined => (node as ParsedNode | null)?.range[0];

  const find = (path: Path, part: 'key' | 'value'): { node: unknown; offset: number } => {
    let node: unknown = document.contents;
    let offset = nodeStart(node) ?? 0;
    for (const [index, step] of path.entries()) {
      const next = child(resolve(node, document), step, document);
      if (next === undefined) break;
      const isLast = index === path.length - 1;
      node = next.value;
      // A key without a value has an empty node behind the colon; its key is what a reader looks for.
      const isEmpty = isScalar(node) && node.value === '' && node.type === 'PLAIN';
      const start = (isLast && part === 'key') || isEmpty ? next.key : node;
      offset = nodeStart(start ?? node) ?? offset;
    }
    return { node, offset };
  };

  return {
    at: (path, part = 'value') => position(find(path, part).offset),
    inside(path, line, column) {
      const { node, offset } = find(path, 'value');
      const start = position(offset);
      if (!isScalar(node)) return start;
      if (node.type === 'BLOCK_LITERAL') {
        const indent = blockIndent(textLines, start.line);
        return { ...start, line: start.line + line, column: indent + column };
      }
      if (line !== 1 || node.type === 'BLOCK_FOLDED') return start;
      return { ...start, column: start.column + column - (node.type === 'PLAIN' ? 1 : 0) };
    },
  };
}

/** Columns before the text of a block that starts behind its header line (1-based): those of its first line with text. */
function blockIndent(textLines: readonly string[], headerLine: number): number {
  const first = textLines.slice(headerLine).find((line) => line.trim() !== '') ?? '';
  return first.length - first.trimStart().length;
}

function child(node: unknown, step: string | number, document: Document): { key: unknown; value: unknown } | undefined {
  if (isSeq(node)) {
    const value: unknown = node.items[Number(step)];
    return value === undefined ? undefined : { key: undefined, value };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(
    (item) => isScalar(item.key) && String(item.key.value) === step && !isMergeKey(item.key),
  );
  if (pair !== undefined) return { key: pair.key, value: pair.value };
  for (const merged of mergedMaps(node, document)) {
    const found = child(merged, step, document);
    if (found !== undefined) return found;
  }
  return undefined;
}

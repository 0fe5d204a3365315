import { decodeBytes, unescapeText } from './series-text.ts';

export interface MetricMetadata {
  readonly type: string;
  readonly help: string;
  readonly unit: string;
}

/** What a target says about its metric families, by family name. */
export type MetadataMap = Map<string, MetricMetadata>;

const COMMENT = /^#[ \t]+(HELP|TYPE|UNIT)[ \t]+("(?:[^"\\]|\\.)*"|[^ \t]+)(?:[ \t]([^]*))?$/;
const NONE: MetricMetadata = { type: 'unknown', help: '', unit: '' };

/** Take up a `# HELP`, `# TYPE` or `# UNIT` line (one character per byte); any other comment says nothing. */
export function readComment(bytes: string, into: MetadataMap): void {
  const match = COMMENT.exec(decodeBytes(bytes) ?? '');
  if (!match) return;
  const [, keyword = '', word = '', rest = ''] = match;
  const family = word.startsWith('"') ? unescapeText(word.slice(1, -1)) : word;
  const known = into.get(family) ?? NONE;
  const text = rest.replace(/\r$/, '');
  if (keyword === 'HELP') into.set(family, { ...known, help: unescapeText(text) });
  else if (keyword === 'UNIT') into.set(family, { ...known, unit: text.trim() });
  else into.set(family, { ...known, type: text.trim() === 'untyped' ? 'unknown' : text.trim() });
}

import type { Matcher } from 're2js';

/**
 * Compile a text with `$1`, `${1}`, `$name` and `${name}`, which stand for what a pattern's group matched; a group that
 * is not there gives nothing, `$$` a dollar. A name without braces is as long as it can be: `$1x` asks for a group `1x`.
 *
 * Source: Go, regexp, `Expand`.
 */
export function createTemplate(text: string): (matcher: Matcher) => string {
  if (!text.includes('$')) return () => text;
  const parts = [...text.matchAll(PART)].map(([all, plain, braced, bare]) => {
    if (plain !== undefined) return plain;
    if (all === '$$') return '$';
    const group = braced ?? bare;
    return group === undefined ? '$' : { group };
  });
  return (matcher) => parts.map((part) => (typeof part === 'string' ? part : groupText(matcher, part.group))).join('');
}

/** A dollar that begins nothing stands for itself. */
const PART = /([^$]+)|\$\$|\$\{([\p{L}\p{N}_]+)\}|\$([\p{L}\p{N}_]+)|\$/gu;

function groupText(matcher: Matcher, group: string): string {
  if (/^\d+$/.test(group)) {
    const number = Number(group);
    return number <= matcher.groupCount() ? (matcher.group(number) ?? '') : '';
  }
  return matcher.namedGroups[group] === undefined ? '' : (matcher.group(group) ?? '');
}

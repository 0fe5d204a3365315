/** Words that may stand where a metric could. */
const KEYWORDS =
  /^(?:and|or|unless|by|without|on|ignoring|group_left|group_right|offset|bool|atan2|inf|nan|start|end|sum|avg|min|max|count|stddev|stdvar|group|topk|bottomk|quantile|count_values|limitk|limit_ratio)$/i;
const TOKEN =
  /#[^\n]*|"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\[^])*'|`[^`]*`|\{[^}]*\}|\[[^\]]*\]|(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)|([A-Za-z_:][\w:]*)\s*(\()?|\d[\w.]*/gi;

/** The metrics that an expression names, as far as its words tell. */
export function metricsIn(expr: string): readonly string[] {
  const names = new Set<string>();
  for (const [, word, call] of expr.matchAll(TOKEN)) {
    if (word !== undefined && call === undefined && !KEYWORDS.test(word)) names.add(word);
  }
  return [...names];
}

/**
 * Names that somebody may have meant by one that does not exist: few letters away, or with the same parts. Nearest first.
 */
export function nearestNames(wanted: string, names: readonly string[], most: number): readonly string[] {
  const limit = Math.max(2, Math.floor(wanted.length / 4));
  const parts = wanted
    .toLowerCase()
    .split(/[_:]/)
    .filter((part) => part.length > 2);
  return names
    .flatMap((name) => {
      const distance = editDistance(wanted.toLowerCase(), name.toLowerCase(), limit);
      if (distance <= limit) return [{ name, rank: distance }];
      const shared = parts.filter((part) => name.toLowerCase().includes(part)).length;
      return shared > 0 && shared >= parts.length / 2 ? [{ name, rank: 100 - shared }] : [];
    })
    .sort((a, b) => a.rank - b.rank || a.name.length - b.name.length)
    .slice(0, most)
    .map(({ name }) => name);
}

/** Letters to add, take away or change; anything above `limit` counts as `limit + 1`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    if (Math.min(...next) > limit) return limit + 1;
    row = next;
  }
  return row[b.length] as number;
}

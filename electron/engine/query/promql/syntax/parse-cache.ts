import type { Expr } from './expr.ts';
import { NO_FEATURES, type PromqlFeature } from './features.ts';
import { parsePromql, type ParseResult } from './parse-promql.ts';

const MOST_QUERIES = 256;
/** A longer one takes longer to evaluate than to read. */
const LONGEST_QUERY = 4096;

/**
 * A reader of queries that remembers the last of them: rules and dashboards ask the same again and again, and reading a
 * short query takes as long as answering it. Trees are never changed, so that evaluations can share them.
 */
export function createParseCache(
  features: ReadonlySet<PromqlFeature> = NO_FEATURES,
): (text: string) => ParseResult<Expr> {
  /** The one that was asked for longest ago first. */
  const known = new Map<string, ParseResult<Expr>>();
  return (text) => {
    if (text.length > LONGEST_QUERY) return parsePromql(text, features);
    const result = known.get(text) ?? parsePromql(text, features);
    known.delete(text);
    known.set(text, result);
    if (known.size > MOST_QUERIES) {
      const [oldest = ''] = known.keys();
      known.delete(oldest);
    }
    return result;
  };
}

/** Expressions that this browser remembers: those that were run, newest first, and those that were starred. */
export interface KeptExpressions {
  readonly history: readonly string[];
  readonly stars: readonly string[];
}

const KEY = 'vedette.expressions';
const MOST_KEPT = 50;

export function readExpressions(storage: Pick<Storage, 'getItem'>): KeptExpressions {
  const text = storage.getItem(KEY);
  if (text === null) return { history: [], stars: [] };
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return { history: [], stars: [] };
    return {
      history: 'history' in value ? textsOf(value.history) : [],
      stars: 'stars' in value ? textsOf(value.stars) : [],
    };
  } catch (error) {
    if (error instanceof SyntaxError) return { history: [], stars: [] };
    throw error;
  }
}

export function writeExpressions(storage: Pick<Storage, 'setItem'>, kept: KeptExpressions): void {
  storage.setItem(KEY, JSON.stringify(kept));
}

/** Put expressions at the front of the history, each once, the oldest leaving. */
export function remember(kept: KeptExpressions, expressions: readonly string[]): KeptExpressions {
  const fresh = [...new Set(expressions.map((one) => one.trim()).filter((one) => one !== ''))];
  const rest = kept.history.filter((one) => !fresh.includes(one));
  return { ...kept, history: [...fresh, ...rest].slice(0, MOST_KEPT) };
}

export function toggleStar(kept: KeptExpressions, expression: string): KeptExpressions {
  const text = expression.trim();
  if (text === '') return kept;
  const others = kept.stars.filter((one) => one !== text);
  return { ...kept, stars: others.length < kept.stars.length ? others : [text, ...others] };
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

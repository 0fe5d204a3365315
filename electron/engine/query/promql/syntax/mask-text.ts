import type { Token } from './lex.ts';

/**
 * The text with spellings that the grammar does not know put into ones of the same length and meaning that it does, so
 * that every offset stays true: numbers (`12.` becomes `012`), and `min_of` and `max_of`, which it knows inside durations
 * only, where they are called as functions. Names and values are read from the original.
 */
export function maskText(text: string, tokens: readonly Token[]): string {
  let masked = text;
  const put = ({ start, text: { length } }: Token, spelled: string): void => {
    masked = masked.slice(0, start) + spelled + masked.slice(start + length);
  };
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'number') {
      const plain = plainNumber(token.text);
      if (plain !== token.text) put(token, plain);
    } else if (EXTREMES.has(token.text) && tokens[at + 1]?.text === '(' && !isInDuration(tokens, at)) {
      put(token, SAME_LENGTH_FUNCTION);
    }
  }
  return masked;
}

const EXTREMES: ReadonlySet<string> = new Set(['min_of', 'max_of']);
const SAME_LENGTH_FUNCTION = 'minute';

function plainNumber(number: string): string {
  const dot = /\.(?!\d)/.exec(number);
  const spelled = dot === null ? number : `0${number.slice(0, dot.index)}${number.slice(dot.index + 1)}`;
  return spelled.includes('_') ? spelled.replaceAll('_', '0') : spelled.replace('0X', '0x');
}

const OPENING: ReadonlySet<string> = new Set(['(', '[', '{']);
const CLOSING: ReadonlySet<string> = new Set([')', ']', '}']);

/** Whether a token stands between the brackets of a range, or in what an `offset` takes. */
function isInDuration(tokens: readonly Token[], index: number): boolean {
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    const { kind, text } = tokens[at] as Token;
    if (CLOSING.has(text)) depth++;
    else if (OPENING.has(text)) {
      if (depth > 0) depth--;
      else if (text === '[') return true;
    } else if (depth === 0 && kind === 'identifier' && text.toLowerCase() === 'offset') {
      // An offset ends with its first operand: what comes after a whole one is an operator of the expression.
      return !endsOperand(tokens, at + 1, index);
    }
  }
  return false;
}

/** Whether a whole operand stands between an `offset` and a token. */
function endsOperand(tokens: readonly Token[], from: number, to: number): boolean {
  let depth = 0;
  for (let at = from; at < to; at++) {
    const { kind, text } = tokens[at] as Token;
    if (text === '(') depth++;
    else if (text === ')') depth--;
    if (depth === 0 && (text === ')' || kind === 'number' || kind === 'duration')) return true;
  }
  return false;
}

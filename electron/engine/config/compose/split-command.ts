/** The words of a simple command line; null when it needs a shell: pipes, lists, substitutions, globs. */
export function splitCommand(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (/\s/.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else if (char === "'") {
      const end = text.indexOf("'", at + 1);
      if (end === -1) return null;
      word = (word ?? '') + text.slice(at + 1, end);
      at = end;
    } else if (char === '"') {
      const [, body] = /^"((?:[^"\\`]|\\.)*)"/.exec(text.slice(at)) ?? [];
      if (body === undefined || body.includes('$(')) return null;
      word = (word ?? '') + body.replaceAll(/\\(["\\$`])/g, '$1');
      at += body.length + 1;
    } else if (
      /[|&;<>()`*?[\]{}~#]/.test(char) &&
      !(char === '{' && text.charAt(at - 1) === '$') &&
      !isInVariable(text, at)
    ) {
      return null;
    } else word = (word ?? '') + char;
  }
  if (word !== null) words.push(word);
  return words;
}

/** The brace that ends `${NAME}`. */
function isInVariable(text: string, at: number): boolean {
  return text.charAt(at) === '}' && /\$\{\w+$/.test(text.slice(0, at));
}

/**
 * A health check of Docker says with its exit code what it found, so that `|| exit 1` and what hides the output change
 * nothing.
 */
export function withoutShellHabits(text: string): string {
  return text
    .trim()
    .replace(/\s*\|\|\s*exit\s+\d+\s*;?$/, '')
    .replaceAll(/\s*(?:&>|\d?>)\s*(?:\/dev\/null|&\d)/g, '')
    .trim();
}

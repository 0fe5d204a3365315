/** A URL as it may be shown: with `<secret>` in place of its password. */
export function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password === '') return text;
  url.password = '';
  return url.href.replace('@', ':<secret>@');
}

/** Headers as they may be shown: a header may carry a token, so that its name alone is. */
export function hidden(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, '<secret>']));
}

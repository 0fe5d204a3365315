import { validateHeaderName, validateHeaderValue } from 'node:http';

/**
 * The head of a GET request, one character per byte. Headers that are given win over those that every request has.
 *
 * @throws a `TypeError` with a code for a name or value that no header may have
 */
export function requestHead(url: URL, headers: Readonly<Record<string, string>>): string {
  const lines = [`GET ${url.pathname}${url.search} HTTP/1.1`];
  const names = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  if (!names.has('host')) lines.push(`Host: ${url.host}`);
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    lines.push(`${name}: ${value}`);
  }
  if (!names.has('connection')) lines.push('Connection: keep-alive');
  return `${lines.join('\r\n')}\r\n\r\n`;
}

/** `127.0.0.1:9777`, `[::1]:9777`, `localhost:0`; null for anything else. */
export function parseListenAddress(text: string): { readonly host: string; readonly port: number } | null {
  const [, bracketed, plain, port] = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+)):(\d{1,5})$/i.exec(text) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || port === undefined || Number(port) > 65_535) return null;
  return { host, port: Number(port) };
}

/** The scheme under which other programs open a page of ours; the pages themselves live under another one. */
export const LINK_SCHEME = 'vedette';

/** Pages that a link may name by themselves. */
const PAGES: Readonly<Record<string, string>> = {
  overview: '/',
  services: '/services',
  explore: '/explore',
  logs: '/logs',
  alerts: '/alerts',
  settings: '/settings',
};

/**
 * The page that a link from outside leads to: `vedette://alert/<id>` (16 hex digits) or `vedette://<page>`. Null for everything else; a
 * link only navigates, so nothing of its query or fragment is kept.
 */
export function deepLinkPath(url: string): string | null {
  const parsed = URL.parse(url);
  if (parsed?.protocol !== `${LINK_SCHEME}:` || parsed.username !== '' || parsed.password !== '') return null;
  if (parsed.port !== '') return null;
  if (parsed.hostname === 'alert') {
    const id = /^\/([0-9a-f]{16})$/.exec(parsed.pathname)?.[1];
    return id === undefined ? null : `/alerts?alert=${id}`;
  }
  if (parsed.pathname !== '' && parsed.pathname !== '/') return null;
  return Object.hasOwn(PAGES, parsed.hostname) ? (PAGES[parsed.hostname] ?? null) : null;
}

/** Where the desktop interface lives. Everything else is foreign. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'vedette';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Whether a URL is a page of ours. Parsed, never compared as text: `http://evil/?next=app://vedette` is not ours. */
export function isOurUrl(url: string): boolean {
  const parsed = URL.parse(url);
  return (
    parsed !== null &&
    parsed.protocol === `${APP_SCHEME}:` &&
    parsed.host === APP_HOST &&
    parsed.username === '' &&
    parsed.password === ''
  );
}

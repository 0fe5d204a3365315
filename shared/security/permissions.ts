/**
 * What the interface may ask of Chromium. Everything not named here is refused; each row says why it is granted.
 */
const GRANTED: Readonly<Record<string, string>> = {
  'clipboard-sanitized-write': 'the copy buttons of log lines, links and error details',
  fullscreen: 'a chart or a dashboard on a wall',
};

export function isPermissionGranted(permission: string): boolean {
  return Object.hasOwn(GRANTED, permission);
}

import { app, type InputEvent, session, shell, type WebContents } from 'electron';
import { mayOpenExternally } from '../../shared/security/external-url.ts';
import { isOurUrl } from '../../shared/security/our-url.ts';
import { isPermissionGranted } from '../../shared/security/permissions.ts';
import type { Clock } from '../engine/schedule/clock.ts';

export interface HardeningOptions {
  /** Hosts that the configuration watches now; links to them may be opened in the browser. */
  readonly watchedHosts: () => readonly string[];
  readonly clock: Pick<Clock, 'monotonic'>;
}

/** A link counts as followed by a person this long after a key or a button. Source: HTML, transient activation. */
const ACTIVATION_MS = 5_000;
const GESTURES: ReadonlySet<InputEvent['type']> = new Set([
  'mouseDown',
  'rawKeyDown',
  'keyDown',
  'touchEnd',
  'gestureTap',
]);

/** Rules for every page of every window, whoever makes it: permissions, navigation, new windows, embedded pages. */
export function hardenPages(options: HardeningOptions): void {
  session.defaultSession.setPermissionRequestHandler((_contents, permission, decide) => {
    decide(isPermissionGranted(permission));
  });
  session.defaultSession.setPermissionCheckHandler((_contents, permission) => isPermissionGranted(permission));
  app.on('web-contents-created', (_event, contents) => {
    hardenContents(contents, options);
  });
}

function hardenContents(contents: WebContents, { watchedHosts, clock }: HardeningOptions): void {
  let touchedAt = -Infinity;
  contents.on('input-event', (_event, { type }) => {
    if (GESTURES.has(type)) touchedAt = clock.monotonic();
  });
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
  contents.on('will-navigate', (event) => {
    if (!isOurUrl(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOurUrl(event.url)) event.preventDefault();
  });
  contents.on('will-frame-navigate', (event) => {
    if (!isOurUrl(event.url)) event.preventDefault();
  });
  contents.setWindowOpenHandler(({ url }) => {
    const isByPerson = clock.monotonic() - touchedAt < ACTIVATION_MS;
    if (isByPerson && mayOpenExternally(url, watchedHosts())) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

import { app, session, shell, type WebContents } from 'electron';
import { mayOpenExternally } from '../../shared/security/external-url.ts';
import { isOurUrl } from '../../shared/security/our-url.ts';
import { isPermissionGranted } from '../../shared/security/permissions.ts';

export interface HardeningOptions {
  /** Hosts that the configuration watches now; links to them may be opened in the browser. */
  readonly watchedHosts: () => readonly string[];
}

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

function hardenContents(contents: WebContents, options: HardeningOptions): void {
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
    if (mayOpenExternally(url, options.watchedHosts())) void shell.openExternal(url);
    return { action: 'deny' };
  });
}

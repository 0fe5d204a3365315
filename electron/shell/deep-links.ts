import { app } from 'electron';
import { deepLinkPath, LINK_SCHEME } from '../../shared/security/deep-link.ts';

export interface Links {
  /** Another start was sent here; its command line may carry a link. */
  secondInstance(argv: readonly string[]): void;
  /** From here on show what is asked for (null: the window as it is), beginning with what was asked meanwhile. */
  open(show: (path: string | null) => void): void;
}

/**
 * Collect what is asked for from outside: links on macOS come as an event, on Windows and Linux as the command line of a
 * second start. Must run before `ready`, since the link that starts the application comes that early.
 */
export function receiveLinks(readPath: (argv: readonly string[]) => string | null): Links {
  let show: ((path: string | null) => void) | null = null;
  const waiting: (string | null)[] = [];
  const ask = (path: string | null): void => {
    if (show === null) waiting.push(path);
    else show(path);
  };
  app.on('open-url', (event, url) => {
    event.preventDefault();
    const path = deepLinkPath(url);
    if (path !== null) ask(path);
  });
  // On Linux and macOS the package declares the scheme; on Windows the application does.
  if (app.isPackaged) app.setAsDefaultProtocolClient(LINK_SCHEME);
  return {
    secondInstance: (argv) => ask(readPath(argv)),
    open(run) {
      show = run;
      const last = waiting.at(-1);
      if (last !== undefined) run(last);
    },
  };
}

import { existsSync } from 'node:fs';
import { defaultDataDirectory } from '../engine/directories.ts';
import { createDbusPopups, createNodeNotifierPopups, type PopupPort } from '../engine/alert/notify/index.ts';
import { formatProblem, type PromqlFeatureName } from '../engine/config/index.ts';
import type { Engine } from '../engine/engine-options.ts';
import { DataDirectoryInUse, startEngine } from '../engine/engine.ts';
import { BadConfiguration } from '../engine/live-configuration.ts';
import { systemClock } from '../engine/schedule/index.ts';
import type { WorkerEntries } from '../engine/threads/threads.ts';
import { trustSystemCertificates } from '../engine/trust-system-certificates.ts';
import { createLog, type LogLevel } from '../engine/write-log.ts';
import { isLoopbackAddress, startHttpServer, type HttpServer } from '../server/http-server.ts';
import { ensureToken } from '../server/token-file.ts';
import { parseListenAddress } from './listen-address.ts';
import type { ExitCode, Output } from './output.ts';
import { filePreferences, languageOf } from './file-preferences.ts';

export interface ServeOptions {
  readonly config?: string;
  readonly data?: string;
  readonly listen: string;
  readonly closed?: boolean;
  readonly allowHost: readonly string[];
  readonly set: Readonly<Record<string, string>>;
  /** Names of experimental parts of PromQL, as Prometheus's flag has them. */
  readonly enableFeature?: readonly PromqlFeatureName[];
  readonly open?: boolean;
  readonly openLink?: boolean;
  readonly logLevel: LogLevel;
}

/** What the command runs with; the composition root gives it. */
export interface ServePorts {
  readonly version: string;
  readonly workers: WorkerEntries;
  readonly interfaceDirectory: string;
  readonly icon: string;
  readonly output: Output;
  /** Resolves when the process is asked to end. */
  readonly untilStopped: () => Promise<void>;
  /** Calls back when the process is asked to read its configuration again. */
  readonly onReloadSignal: (reload: () => void) => () => void;
}

/** `vedette serve`: the engine without a window, until it is told to stop. */
export async function serveCommand(options: ServeOptions, ports: ServePorts): Promise<ExitCode> {
  trustSystemCertificates();
  const { output, version } = ports;
  const address = parseListenAddress(options.listen);
  if (address === null) {
    output.err(`vedette serve: "${options.listen}" is no listen address; write it as 127.0.0.1:9777.\n`);
    return 2;
  }
  const dataDirectory = options.data ?? defaultDataDirectory(process.env, process.platform);
  const log = createLog({ write: output.err, minimum: options.logLevel, clock: systemClock });
  const preferences = filePreferences(dataDirectory);
  let engine: Engine;
  let server: HttpServer | null = null;
  try {
    engine = await startEngine({
      dataDirectory,
      configFile: options.config ?? null,
      overrides:
        options.enableFeature === undefined
          ? options.set
          : { ...options.set, 'promql.enable_features': options.enableFeature.join(',') },
      mode: 'headless',
      version,
      clock: systemClock,
      log,
      workers: ports.workers,
      popups: headlessPopups(ports.icon, () => server?.url ?? `http://${options.listen}`, output),
      preferences,
      systemLanguage: languageOf(process.env),
      capabilities: () => Promise.resolve({ desktop: false, tray: false, loginItem: false, secrets: 'none' }),
      vault: null,
      // Port 0 asks for a free one.
      externalUrl: address.port === 0 ? null : `http://${options.listen}`,
    });
  } catch (error) {
    return refusedStart(error, output);
  }
  try {
    server = await startHttpServer({
      ...address,
      token: ensureToken(dataDirectory),
      openReading: options.closed !== true,
      allowedHosts: options.allowHost,
      router: engine.router,
      prometheus: engine.prometheus,
      push: (token, report) => engine.push(token, report),
      probe: (question, signal) => engine.probe(question, signal),
      alertmanager: engine.alertmanager,
      ownMetrics: () => engine.ownMetrics(),
      isReady: () => engine.isReady(),
      reload: () => engine.reload(),
      interfaceDirectory: existsSync(ports.interfaceDirectory) ? ports.interfaceDirectory : null,
      version,
      now: () => systemClock.now(),
      log,
    });
  } catch (error) {
    await engine.stop();
    output.err(`vedette serve: ${listenProblem(error, options.listen)}\n`);
    return 1;
  }
  engine.announce(server.url);
  output.out(`Listening on ${server.url}\n`);
  if (!isLoopbackAddress(address.host)) output.out('Every request needs the token; it lies in the data directory.\n');
  if (options.openLink === true) output.out(`Open ${server.openLink()}\n`);
  if (options.open === true) await openPage(server.openLink(), output);

  const endReload = ports.onReloadSignal(() => {
    void engine.reload();
  });
  await ports.untilStopped();
  endReload();
  await server.close();
  await engine.stop();
  return 0;
}

/** Popups of whatever desktop this runs on; where there is a session bus, with buttons. */
function headlessPopups(icon: string, url: () => string, output: Output): PopupPort {
  const plain = createNodeNotifierPopups({ clock: systemClock, icon });
  if (process.platform !== 'linux') return plain;
  return createDbusPopups({
    icon,
    fallback: plain,
    environment: process.env,
    onOpen: (path) => void openPage(`${url()}${path}`, output),
  });
}

/** Open the interface in the browser; where there is none, the address is enough for a person. */
async function openPage(url: string, output: Output): Promise<void> {
  const isDisplayMissing =
    process.platform === 'linux' &&
    process.env['DISPLAY'] === undefined &&
    process.env['WAYLAND_DISPLAY'] === undefined;
  if (isDisplayMissing) {
    output.out(`Open this address in a browser (it lets one browser in, within ten minutes): ${url}\n`);
    return;
  }
  const { default: openInBrowser } = await import('open');
  const browser = await openInBrowser(url);
  browser.once('error', () => output.out(`Open this address in a browser: ${url}\n`));
}

function refusedStart(error: unknown, output: Output): ExitCode {
  if (error instanceof BadConfiguration) {
    for (const problem of error.problems) output.err(`${formatProblem(problem)}\n`);
    output.err(`vedette serve: ${error.message}\n`);
    return 1;
  }
  if (error instanceof DataDirectoryInUse) {
    output.err(`vedette serve: ${error.message}\n`);
    return 1;
  }
  throw error;
}

function listenProblem(error: unknown, listen: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') return `${listen} is in use by another program; name another address with --listen.`;
  if (code === 'EACCES') return `Listening on ${listen} is not allowed; ports below 1024 need more rights.`;
  if (code === 'EADDRNOTAVAIL') return `This machine has no address ${listen}.`;
  throw error;
}

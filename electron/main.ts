import { app, nativeTheme, Notification } from 'electron';
import { spokenLanguage, type Preferences } from '../shared/model/preferences.ts';
import { trayModel, type TrayAction } from '../shared/model/tray-model.ts';
import { createDbusPopups, createNodeNotifierPopups, type PopupPort } from './engine/alert/notify/index.ts';
import { formatProblem } from './engine/config/index.ts';
import { defaultDataDirectory } from './engine/directories.ts';
import type { Engine } from './engine/engine-options.ts';
import { DataDirectoryInUse, startEngine } from './engine/engine.ts';
import { BadConfiguration } from './engine/live-configuration.ts';
import { openLogFile } from './engine/log-file.ts';
import type { Log } from './engine/log.ts';
import { systemClock as clock } from './engine/schedule/index.ts';
import { workerUrls } from './engine/threads/worker-urls.ts';
import { createLog } from './engine/write-log.ts';
import { startHttpServer, type HttpServer } from './server/http-server.ts';
import { ensureToken } from './server/token-file.ts';
import { appFiles } from './shell/app-files.ts';
import { setAppMenu } from './shell/app-menu.ts';
import { registerAppScheme, serveInterface } from './shell/app-protocol.ts';
import { carryContract } from './shell/contract-port.ts';
import { receiveLinks } from './shell/deep-links.ts';
import { refuseToStart, reportFaults } from './shell/faults.ts';
import { hardenPages } from './shell/hardening.ts';
import { keepFresh } from './shell/keep-fresh.ts';
import { createLoginItem } from './shell/login-item.ts';
import { createElectronPopups } from './shell/popups.ts';
import { followPower } from './shell/power.ts';
import { openDesktopStore, storedPreferences } from './shell/preferences-store.ts';
import { quitInOrder } from './shell/quit.ts';
import { createSecretVault } from './shell/secrets.ts';
import { readStartArguments } from './shell/start-arguments.ts';
import { showTrayHint } from './shell/tray-hint.ts';
import { hasTrayHost } from './shell/tray-host.ts';
import { createTray, type TrayPresenter } from './shell/tray.ts';
import { becomeOnlyInstance, createMainWindow } from './shell/window.ts';

const APP_ID = 'io.github.vedette.Vedette';
const LOG_FILE = { name: 'vedette.log', maxBytes: 5 * 1024 * 1024, keep: 3 };
const TRAY_PACE = { atMostEveryMs: 2_000, atLeastEveryMs: 15_000 };

/** The desktop application: the engine, and around it a window, a tray, popups and the manners of the system. */
async function startDesktop(log: Log, links: ReturnType<typeof receiveLinks>): Promise<void> {
  const { platform, env } = process;
  const start = readStartArguments(process.argv);
  const files = appFiles(import.meta.url);
  const store = openDesktopStore(app.getPath('userData'));
  const vault = createSecretVault(store, platform);
  const stored = storedPreferences(store);
  const language = (): 'en' | 'zh-CN' => spokenLanguage(stored.get(), app.getLocale());
  let engine: Engine | null = null;
  let tray: TrayPresenter | null = null;

  const window = createMainWindow({
    preload: files.preload,
    icon: files.icon,
    loadBounds: () => store.get('bounds'),
    saveBounds: (bounds) => store.set('bounds', bounds),
    hidesOnClose: () => stored.get().closeToTray && (tray?.exists() ?? false),
    onHidden() {
      if (store.get('toldAboutTray')) return;
      store.set('toldAboutTray', true);
      showTrayHint(language(), files.icon);
    },
    navigate: (path) => engine?.navigate(path),
  });
  const executable = env['APPIMAGE'] ?? process.execPath;
  const ownCommand: [string, ...string[]] = app.isPackaged ? [executable] : [executable, app.getAppPath()];
  const loginItem = createLoginItem(platform, ownCommand, autostartHome());
  const applyPreferences = (preferences: Preferences): void => {
    nativeTheme.themeSource = preferences.theme;
    loginItem.set(preferences.startAtLogin, preferences.startHidden);
    setAppMenu(language(), platform, (path) => window.show(path));
  };

  hardenPages({ watchedHosts: () => engine?.watchedHosts() ?? [], clock });
  serveInterface(files.interface);
  applyPreferences(stored.get());

  const trayHost = hasTrayHost(platform, start.isHidden, clock);
  const dataDirectory = start.dataDirectory ?? defaultDataDirectory(env, platform);
  const running = await startEngine({
    dataDirectory,
    configFile: start.configFile,
    overrides: {},
    mode: 'desktop',
    version: app.getVersion(),
    clock,
    log,
    workers: workerUrls(import.meta.url),
    popups: desktopPopups(files.icon, (path) => window.show(path)),
    preferences: {
      get: () => stored.get(),
      set(changes) {
        const next = stored.set(changes);
        applyPreferences(next);
        return next;
      },
    },
    systemLanguage: spokenLanguage({ ...stored.get(), language: 'system' }, app.getLocale()),
    capabilities: async () => ({
      desktop: true,
      tray: tray?.exists() ?? false,
      loginItem: true,
      secrets: await vault.strength(),
    }),
    vault,
    externalUrl: `http://${start.listen.host}:${start.listen.port}`,
  });
  engine = running;
  const server = await answerOverHttp(running, dataDirectory, start, files.interface, log);
  running.announce(server?.url ?? null);
  carryContract(running.router, log);
  followPower(running);

  function act(action: TrayAction): void {
    switch (action.do) {
      case 'open':
        window.show(action.path);
        return;
      case 'quit':
        app.quit();
        return;
      case 'mute':
      case 'pause':
        void running.perform(action);
    }
  }

  const freshTray = keepFresh({
    ...TRAY_PACE,
    clock,
    async run() {
      const input = await running.trayInput().catch((error: unknown) => {
        log('warn', `The tray cannot ask the engine: ${String(error)}`);
        return { status: null, firing: [], reading: null, now: clock.now() };
      });
      tray?.present(trayModel({ ...input, language: language() }));
    },
  });
  const endChanges = running.onChange(() => freshTray.request());
  quitInOrder({
    log,
    clock,
    beforeWindowsClose: () => window.allowClose(),
    async stop() {
      endChanges();
      freshTray.stop();
      tray?.destroy();
      await server?.close();
      await running.stop();
    },
  });
  app.on('activate', () => window.show());
  app.on('window-all-closed', () => {
    // macOS keeps an application without windows; elsewhere a window that really closed was the end.
    if (platform !== 'darwin') app.quit();
  });

  if (!start.isHidden) window.show(start.path ?? undefined);
  links.open((path) => window.show(path ?? undefined));
  const isShown = await trayHost;
  tray = createTray({ images: files.trayImages, platform, isShown, onAction: act, onClick: () => window.show() });
  freshTray.request();
  // Hidden only where a tray can bring the window back.
  if (start.isHidden && !isShown) window.show();
}

/** Electron's popups have buttons on macOS and Windows; on Linux the session bus has them. */
function desktopPopups(icon: string, onOpen: (path: string) => void): PopupPort {
  const plain = Notification.isSupported()
    ? createElectronPopups({ icon, clock, onOpen, platform: process.platform })
    : createNodeNotifierPopups({ icon, clock, appId: APP_ID });
  if (process.platform !== 'linux') return plain;
  return createDbusPopups({ icon, fallback: plain, onOpen, environment: process.env });
}

/** The HTTP carrier, for the command line and for Grafana on this machine; the application goes on without it. */
async function answerOverHttp(
  engine: Engine,
  dataDirectory: string,
  { listen, isClosed }: ReturnType<typeof readStartArguments>,
  interfaceDirectory: string,
  log: Log,
): Promise<HttpServer | null> {
  try {
    const server = await startHttpServer({
      ...listen,
      token: ensureToken(dataDirectory),
      openReading: !isClosed,
      allowedHosts: [],
      router: engine.router,
      prometheus: engine.prometheus,
      push: (token, report) => engine.push(token, report),
      probe: (question, signal) => engine.probe(question, signal),
      alertmanager: engine.alertmanager,
      ownMetrics: () => engine.ownMetrics(),
      isReady: () => engine.isReady(),
      reload: () => engine.reload(),
      interfaceDirectory,
      version: app.getVersion(),
      now: () => clock.now(),
      log,
    });
    log('info', `Listening on ${server.url}`);
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    log('warn', `Port ${listen.port} is in use by another program; the command line cannot reach this instance.`);
    return null;
  }
}

function explainStart(error: unknown, log: Log): void {
  const problems =
    error instanceof BadConfiguration
      ? error.problems.map(formatProblem)
      : [error instanceof DataDirectoryInUse ? error.message : String(error instanceof Error ? error.stack : error)];
  for (const problem of problems) log('error', problem);
  refuseToStart(error instanceof BadConfiguration ? error.message : 'Vedette cannot start', problems);
}

function autostartHome(): string {
  return process.env['XDG_CONFIG_HOME'] ?? `${app.getPath('home')}/.config`;
}

// All that must be said before Electron is ready.
registerAppScheme();
app.enableSandbox();
if (process.platform === 'win32') app.setAppUserModelId(APP_ID);
const links = receiveLinks((argv) => readStartArguments(argv).path);
if (becomeOnlyInstance((argv) => links.secondInstance(argv))) {
  const logFile = openLogFile({ directory: app.getPath('logs'), ...LOG_FILE });
  const log = createLog({
    minimum: 'info',
    clock,
    write(line) {
      process.stderr.write(line);
      logFile.write(line);
    },
  });
  // A terminal that was closed takes no more lines; the file has them all.
  process.stderr.on('error', () => undefined);
  reportFaults(log);
  app
    .whenReady()
    .then(() => startDesktop(log, links))
    .catch((error: unknown) => explainStart(error, log));
} else {
  app.quit();
}

import type { Change, SystemStatus } from '../../shared/contract/system.ts';
import type { TrayAction, TrayInput } from '../../shared/model/tray-model.ts';
import type { Language, PopupPort } from './alert/notify/index.ts';
import type { ProbeQuestion, ProbeReply, PushReport } from './collect/probe/index.ts';
import type { Log } from './log.ts';
import type { Capabilities, PreferencesPort, SecretVault } from './ports.ts';
import type { AlertmanagerPort } from './alertmanager/endpoint.ts';
import type { PrometheusPort } from './prometheus/endpoint.ts';
import type { EngineRouter } from './router/index.ts';
import type { Clock } from './schedule/index.ts';
import type { WorkerEntries } from './threads/threads.ts';

/** What a composition root gives to the engine. */
export interface EngineOptions {
  readonly dataDirectory: string;
  /** The main configuration file; null takes the default location and writes a first one there. */
  readonly configFile: string | null;
  /** Settings of the command line, by dotted path. */
  readonly overrides: Readonly<Record<string, string>>;
  readonly mode: 'desktop' | 'headless';
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly workers: WorkerEntries;
  readonly popups: PopupPort;
  readonly preferences: PreferencesPort;
  /** The language of the desktop, for popups of those who follow it. */
  readonly systemLanguage: Language;
  readonly capabilities: () => Promise<Capabilities>;
  /** The desktop's keychain; null without a desktop. */
  readonly vault: SecretVault | null;
  /**
   * Where this program is reached, for links in notifications; null where that is known only when it answers, and
   * {@link Engine.announce} tells it.
   */
  readonly externalUrl: string | null;
}

/** The product at work. Everything that it opened is closed by {@link Engine.stop}. */
export interface Engine {
  readonly router: EngineRouter;
  readonly prometheus: PrometheusPort;
  readonly alertmanager: AlertmanagerPort;
  ownMetrics(): Promise<string>;
  /** Ask a target as a module of the configuration says, for `/probe`. */
  probe(question: ProbeQuestion, signal: AbortSignal): Promise<ProbeReply>;
  isReady(): boolean;
  reload(): Promise<{ readonly ok: true } | { readonly ok: false; readonly message: string }>;
  status(): Promise<SystemStatus>;
  /** A job reports under its token; false when no check expects it. */
  push(token: string, report: PushReport): boolean;
  /** What the tray is drawn from. */
  trayInput(): Promise<Omit<TrayInput, 'language'>>;
  perform(action: Extract<TrayAction, { do: 'mute' | 'pause' }>): Promise<void>;
  onChange(listener: (change: Change) => void): () => void;
  /** Ask the open window to show a page. */
  navigate(path: string): void;
  /** Hosts of configured targets and checks, without port. */
  watchedHosts(): readonly string[];
  /** Leave word where this instance answers; null when it answers nowhere. */
  announce(url: string | null): void;
  /** The machine is about to sleep, or has woken. */
  suspend(): void;
  resume(): void;
  stop(): Promise<void>;
}

import type { EventPublisher, RouterClient } from '@orpc/server';
import type { Change, SystemStatus } from '../../shared/contract/system.ts';
import type { LabelRecord } from '../../shared/model/labels.ts';
import type { AlertDesk } from './alert/alert-desk.ts';
import type { Notifier } from './alert/notify/index.ts';
import type { Maintenance } from './collect/judge/maintenance.ts';
import type { NetworkWatch } from './collect/judge/network-watch.ts';
import type { Dispatcher, Quiet, Silences } from './alert/route/index.ts';
import type { Checks } from './collect/probe/index.ts';
import type { Log } from './log.ts';
import type { LiveConfiguration } from './live-configuration.ts';
import type { LogsCalls } from './threads/logs-calls.ts';
import type { MetricsCalls } from './threads/metrics-calls.ts';
import type { Capabilities, PreferencesPort, SecretVault } from './ports.ts';
import type { DataSources } from './remote/data-sources.ts';
import type { Clock, Scheduler } from './schedule/index.ts';
import type { StateStore } from './store/state/index.ts';

/** What happens, for everyone who watches: views that ask again, and the window that is sent somewhere. */
export interface EngineEvents extends Record<string, object> {
  changed: Change;
  navigate: { readonly path: string };
}

/** The connected parts of the engine that calls are answered from. */
export interface EngineParts {
  readonly version: string;
  readonly mode: 'desktop' | 'headless';
  readonly dataDirectory: string;
  readonly startedAt: number;
  readonly clock: Clock;
  readonly log: Log;
  readonly configuration: LiveConfiguration;
  readonly metrics: () => RouterClient<MetricsCalls>;
  /** Other servers that questions are put to. */
  readonly dataSources: Pick<DataSources, 'ask' | 'list'>;
  readonly logs: () => RouterClient<LogsCalls>;
  readonly workers: () => SystemStatus['workers'];
  readonly scheduler: Scheduler;
  readonly checks: Checks;
  readonly maintenance: Maintenance;
  readonly network: NetworkWatch;
  readonly notifier: Notifier;
  readonly dispatcher: Dispatcher;
  readonly silences: Silences;
  readonly desk: AlertDesk;
  readonly quiet: Quiet;
  readonly externalLabels: () => LabelRecord;
  readonly state: StateStore;
  readonly events: EventPublisher<EngineEvents>;
  readonly changed: (topic: Change['topic']) => void;
  readonly preferences: PreferencesPort;
  readonly vault: SecretVault | null;
  readonly capabilities: () => Promise<Capabilities>;
  readonly mutes: Mutes;
  readonly pause: { isPaused(): boolean; set(paused: boolean): Promise<void> };
  readonly cost: () => { readonly cpuRatio: number; readonly memoryBytes: number };
  /** The port that this instance answers on; 0 when it answers on none. */
  readonly ownPort: () => number;
}

/** Until when notifications are held back. */
export interface Mutes {
  until(): number | null;
  set(until: number | null): void;
}

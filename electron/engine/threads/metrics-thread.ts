import { readFile } from 'node:fs/promises';
import { createEventQueue } from '../event-queue.ts';
import { metricsCalls } from './metrics-calls.ts';
import type { MetricsEvent } from './metrics-events.ts';
import { openMetricsRoom } from './metrics-room.ts';
import { systemClock } from '../schedule/index.ts';
import { trustSystemCertificates } from '../trust-system-certificates.ts';
import type { StoreRules } from '../store/metrics/index.ts';
import { serveWorker, startData } from './worker-link.ts';

/** What the metrics thread is started with. */
export interface MetricsStart {
  readonly dataDirectory: string;
  readonly version: string;
  readonly storeRules: StoreRules;
}

trustSystemCertificates();
const start = startData() as MetricsStart;
const events = createEventQueue<MetricsEvent>();
const room = openMetricsRoom({
  ...start,
  clock: systemClock,
  log: (level, message, fields = {}) => events.push({ kind: 'log', level, message, fields }),
  emit: (event) => events.push(event),
  // Keychain secrets arrive resolved: only the main thread can ask the keychain.
  secrets: { environment: process.env, readFile: (path) => readFile(path, 'utf8'), keychain: null },
});
serveWorker(metricsCalls({ room, events, clock: systemClock, onClose: () => room.close() }));

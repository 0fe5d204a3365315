import type { Engine } from '../../electron/engine/engine-options.ts';
import { startEngine } from '../../electron/engine/engine.ts';
import { systemClock } from '../../electron/engine/schedule/index.ts';
import { workerUrls } from '../../electron/engine/threads/worker-urls.ts';
import { DEFAULT_PREFERENCES, type Preferences } from '../../shared/model/preferences.ts';
import type { Workplace } from './vedette.ts';

/** The engine in this process, as the composition roots start it, with a desktop that shows every popup. */
export function startEngineHere(workplace: Workplace): Promise<Engine> {
  let preferences: Preferences = DEFAULT_PREFERENCES;
  return startEngine({
    dataDirectory: workplace.data,
    configFile: workplace.path('prometheus.yml'),
    overrides: {},
    mode: 'headless',
    version: '0.0.0-test',
    clock: systemClock,
    log: () => undefined,
    workers: workerUrls(new URL('../../electron/headless.ts', import.meta.url).href),
    popups: { show: () => Promise.resolve({ delivered: true }), close: () => undefined },
    preferences: { get: () => preferences, set: (changes) => (preferences = { ...preferences, ...changes }) },
    systemLanguage: 'en',
    capabilities: () => Promise.resolve({ desktop: false, tray: false, loginItem: false, secrets: 'none' }),
    vault: null,
    externalUrl: '',
  });
}

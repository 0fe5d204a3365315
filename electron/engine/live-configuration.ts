import type { Configuration, LoadedConfiguration, Problem } from './config/index.ts';
import type { Log } from './log.ts';
import type { Clock } from './schedule/index.ts';

export interface LiveConfigurationOptions {
  readonly load: () => Promise<LoadedConfiguration>;
  /** Watch these files; the disposer ends it. */
  readonly watch: (files: readonly string[], onChange: () => void) => () => void;
  readonly clock: Clock;
  readonly log: Log;
  /** Put a checked configuration to work. */
  readonly apply: (configuration: Configuration) => Promise<void>;
  readonly onChange: () => void;
}

export interface LiveConfiguration {
  current(): Configuration;
  loaded(): Extract<LoadedConfiguration, { ok: true }>;
  loadedAt(): number;
  /** Why the files on disk are not what runs; empty when they are. */
  problems(): readonly Problem[];
  warnings(): readonly Problem[];
  /** Read the files again. A bad configuration changes nothing but {@link problems}. */
  reload(): Promise<readonly Problem[]>;
  stop(): void;
}

/** Stops the start of the program: every problem at once. */
export class BadConfiguration extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(`The configuration has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}.`);
    this.problems = problems;
  }
}

/**
 * The configuration that runs, kept in step with its files. The caller applies the first one itself, when its rooms are
 * open; later ones are applied here.
 *
 * @throws BadConfiguration when the first reading finds problems
 */
export async function openLiveConfiguration(options: LiveConfigurationOptions): Promise<LiveConfiguration> {
  const { clock, log } = options;
  const first = await options.load();
  if (!first.ok) throw new BadConfiguration(first.problems);
  let loaded = first;
  let loadedAt = clock.now();
  let problems: readonly Problem[] = [];
  let watched: readonly string[] = [];
  let endWatch = (): void => undefined;
  /** Reloads run one after the other: a file may change while its last change is being applied. */
  let last: Promise<unknown> = Promise.resolve();

  function watch(files: readonly string[]): void {
    if (files.join('\n') === watched.join('\n')) return;
    endWatch();
    watched = files;
    endWatch = options.watch(files, () => {
      reload().catch((error: unknown) => {
        log(
          'error',
          `Applying the changed configuration failed: ${error instanceof Error ? error.message : String(error)}`,
        );
      });
    });
  }

  function reload(): Promise<readonly Problem[]> {
    const next = last.then(reloadNow, reloadNow);
    last = next;
    return next;
  }

  async function reloadNow(): Promise<readonly Problem[]> {
    const read = await options.load();
    if (read.ok) {
      await options.apply(read.value);
      loaded = read;
      loadedAt = clock.now();
      problems = [];
      watch(read.value.watchedFiles);
      log('info', 'The configuration was read again and runs.');
    } else {
      problems = read.problems;
      watch([...new Set([...loaded.value.watchedFiles, ...read.watchedFiles])]);
      log(
        'error',
        `The changed configuration was refused, the one before goes on: ${read.problems[0]?.message ?? ''}`,
        {
          problems: read.problems.length,
        },
      );
    }
    options.onChange();
    return problems;
  }

  watch(first.value.watchedFiles);
  return {
    current: () => loaded.value,
    loaded: () => loaded,
    loadedAt: () => loadedAt,
    problems: () => problems,
    warnings: () => loaded.warnings,
    reload,
    stop() {
      endWatch();
    },
  };
}

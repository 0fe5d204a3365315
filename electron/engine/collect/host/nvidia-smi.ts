import { execFile, spawn } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Clock } from '../../schedule/clock.ts';
import {
  emitGpus,
  NVIDIA_PROCESS_ARGUMENTS,
  NVIDIA_SMI_ARGUMENTS,
  parseNvidiaProcesses,
  parseNvidiaSmi,
} from './gpu.ts';
import type { GpuProcess, GpuReading } from './gpu.ts';
import type { HostGroup } from './host-group.ts';

/** Run a program and hand over its output line by line; what comes back stops it. */
export type FollowProgram = (
  file: string,
  args: readonly string[],
  on: { readonly onLine: (line: string) => void; readonly onEnd: () => void },
) => () => void;

/** Run a program to its end. The answer is its output; a failure is null. */
export type RunProgram = (file: string, args: readonly string[]) => Promise<string | null>;

/** How `nvidia-smi` is found and run; a test brings its own. */
export interface GpuPrograms {
  readonly findProgram?: () => Promise<string | null>;
  readonly run?: RunProgram;
}

/** The graphics processors of this machine, as a group of series and as a list. */
export interface GpuWatch {
  readonly group: HostGroup;
  /** What was read last; null where no program reads NVIDIA's. */
  latest(): readonly GpuReading[] | null;
  close(): void;
}

/** Seconds between two lines of one processor. */
const LOOP_SECONDS = 15;
const FRESH_MS = 3 * LOOP_SECONDS * 1000;
/** A driver that is being replaced lets the program end; it is not started more often than this. */
const RESTART_MS = 60_000;

/**
 * Watch NVIDIA's processors through one `nvidia-smi` that runs as long as the program does and writes a line per
 * processor every {@link LOOP_SECONDS}: starting it takes longer than reading. Where it is not installed nothing is
 * started and nothing given.
 */
export function createGpuWatch(options: {
  readonly clock: Clock;
  readonly findProgram?: () => Promise<string | null>;
  readonly follow?: FollowProgram;
}): GpuWatch {
  const { clock, findProgram = findNvidiaSmi, follow = followProgram } = options;
  const latest = new Map<string, { readonly gpu: GpuReading; readonly atMs: number }>();
  let program: Promise<string | null> | null = null;
  let file: string | null = null;
  let stop: (() => void) | null = null;
  let mayStartAt = -Infinity;
  let isClosed = false;

  function keepRunning(path: string): void {
    if (stop !== null || isClosed || clock.monotonic() < mayStartAt) return;
    mayStartAt = clock.monotonic() + RESTART_MS;
    stop = follow(path, [...NVIDIA_SMI_ARGUMENTS, `--loop=${String(LOOP_SECONDS)}`], {
      onLine(line) {
        for (const gpu of parseNvidiaSmi(line)) latest.set(gpu.uuid, { gpu, atMs: clock.monotonic() });
      },
      onEnd() {
        stop = null;
      },
    });
  }

  function fresh(): GpuReading[] {
    for (const [uuid, { atMs }] of latest) if (clock.monotonic() - atMs > FRESH_MS) latest.delete(uuid);
    return [...latest.values()].map(({ gpu }) => gpu);
  }

  return {
    group: {
      collector: 'nvidia_smi',
      async read(emit) {
        // Looked for once: a driver does not come while the program runs.
        program ??= findProgram();
        file = await program;
        if (file === null) return;
        keepRunning(file);
        emitGpus(fresh(), emit);
      },
    },
    latest: () => (file === null ? null : fresh()),
    close() {
      isClosed = true;
      stop?.();
      stop = null;
    },
  };
}

/** For a list that someone looks at: what runs on NVIDIA's processors. Starts a program; empty without it. */
export async function readGpuProcesses(options: GpuPrograms = {}): Promise<GpuProcess[]> {
  const { findProgram = findNvidiaSmi, run = runProgram } = options;
  const file = await findProgram();
  const output = file === null ? null : await run(file, NVIDIA_PROCESS_ARGUMENTS);
  return output === null ? [] : parseNvidiaProcesses(output);
}

/** The path of `nvidia-smi`, found without starting anything; null when it is not installed. */
async function findNvidiaSmi(): Promise<string | null> {
  const fileName = process.platform === 'win32' ? 'nvidia-smi.exe' : 'nvidia-smi';
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    if (directory === '') continue;
    const file = join(directory, fileName);
    if (await isExecutable(file)) return file;
  }
  return null;
}

async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const RUN_TIMEOUT_MS = 5000;

const runProgram: RunProgram = (file, args) =>
  new Promise((resolve) => {
    execFile(file, args, { timeout: RUN_TIMEOUT_MS, windowsHide: true }, (error, output) => {
      resolve(error === null ? output : null);
    });
  });

const followProgram: FollowProgram = (file, args, { onLine, onEnd }) => {
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'], windowsHide: true });
  createInterface({ input: child.stdout }).on('line', onLine);
  // The program was removed since it was found.
  child.once('error', onEnd);
  child.once('close', onEnd);
  return () => {
    child.kill();
  };
};

import { glob, stat } from 'node:fs/promises';
import { formatDuration, formatSize } from '../../../config/index.ts';
import type { FileCheckConfig } from '../../../config/index.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure, UP } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict, worstOf } from '../run-service.ts';

/** A file at one look. */
export interface FileFacts {
  readonly path: string;
  readonly sizeBytes: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** Looks at a file, or at those that a pattern stands for. Names of filestat_exporter. */
export const createFileProbe: CreateProbe<FileCheckConfig> = (config, timeoutMs, { clock }) => {
  const setting = { clock, address: config.path, timeoutMs, thresholds: config.thresholds };
  let before: Look | null = null;
  /** A file system that hangs holds one thread of a small pool, so that a second question waits for the first. */
  let pending: Promise<readonly FileFacts[]> | null = null;

  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        run.awaited = 'was not told by its file system';
        pending ??= findFacts(config.path).finally(() => {
          pending = null;
        });
        const files = await pending;
        const look = { atMs: clock.monotonic(), wallMs: clock.now(), files };
        const growth = before === null ? null : growthBetween(before, look);
        before = look;
        addSamples(look, config.path, growth, run);
        return judge(look, growth, config);
      }),
  };
};

interface Look {
  /** Monotonic. */
  readonly atMs: number;
  readonly wallMs: number;
  readonly files: readonly FileFacts[];
}

const MOST_FILES = 1000;

async function findFacts(pattern: string): Promise<readonly FileFacts[]> {
  const files: FileFacts[] = [];
  try {
    for (const path of await pathsOf(pattern)) {
      const facts = await factsOf(path);
      if (facts !== null) files.push(facts);
    }
  } catch (error) {
    const { code, path = pattern } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM') {
      throw new ProbeFailure('unknown', 'permission', `${path} may not be looked at by this user.`);
    }
    if (code === 'ESTALE' || code === 'EIO' || code === 'ETIMEDOUT') {
      throw new ProbeFailure('down', 'file-system', `The file system of ${path} fails (${code}).`);
    }
    throw error;
  }
  return files;
}

async function pathsOf(pattern: string): Promise<readonly string[]> {
  if (!/[*?[{]/.test(pattern)) return [pattern];
  const paths: string[] = [];
  for await (const path of glob(pattern)) {
    paths.push(path);
    if (paths.length > MOST_FILES) {
      throw new ProbeFailure(
        'unknown',
        'count',
        `${pattern} stands for more than ${String(MOST_FILES)} files. Narrow it.`,
      );
    }
  }
  return paths.sort();
}

async function factsOf(path: string): Promise<FileFacts | null> {
  try {
    const { size, mtimeMs } = await stat(path);
    return { path, sizeBytes: size, modifiedAt: mtimeMs };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return null;
    throw error;
  }
}

/** Between two looks, of all files together; null where nothing can be compared. */
interface Growth {
  readonly bytesPerSecond: number;
  readonly wasWritten: boolean;
}

function growthBetween(before: Look, now: Look): Growth | null {
  const seconds = (now.atMs - before.atMs) / 1000;
  if (seconds <= 0 || before.files.length === 0 || now.files.length === 0) return null;
  const known = new Map(before.files.map((file) => [file.path, file]));
  let grownBytes = 0;
  let wasWritten = false;
  for (const { path, sizeBytes, modifiedAt } of now.files) {
    const earlier = known.get(path);
    // A file that shrank was begun anew.
    grownBytes += earlier === undefined || sizeBytes < earlier.sizeBytes ? sizeBytes : sizeBytes - earlier.sizeBytes;
    wasWritten ||= earlier === undefined || modifiedAt > earlier.modifiedAt || sizeBytes !== earlier.sizeBytes;
  }
  return { bytesPerSecond: grownBytes / seconds, wasWritten };
}

function addSamples({ files, wallMs }: Look, pattern: string, growth: Growth | null, run: ProbeRun): void {
  run.add('file_glob_match_number', files.length, { pattern });
  for (const { path, sizeBytes, modifiedAt } of files.slice(0, 100)) {
    run.add('file_stat_size_bytes', sizeBytes, { path });
    run.add('file_stat_modif_time_seconds', modifiedAt / 1000, { path });
  }
  if (growth !== null) run.add('vedette_check_file_growth_bytes_per_second', growth.bytesPerSecond);
  const newest = newestOf(files);
  if (newest === null) return;
  run.add('vedette_check_file_age_seconds', Math.max(0, wallMs - newest.modifiedAt) / 1000);
  if (files.length > 1) run.note('files', files.length);
  if (files.length > 1) run.note('newest', newest.path);
  run.note('modifiedAt', new Date(newest.modifiedAt).toISOString());
  run.note('sizeBytes', newest.sizeBytes);
}

function newestOf(files: readonly FileFacts[]): FileFacts | null {
  return files.reduce<FileFacts | null>((a, b) => (a === null || b.modifiedAt > a.modifiedAt ? b : a), null);
}

/** A file so far in the future was written by another clock, or this one was set back: its age cannot be told. */
const FUTURE_MS = 60_000;

function judge(look: Look, growth: Growth | null, config: FileCheckConfig): Verdict {
  const { path, exists, minCount, maxCount } = config;
  const { files } = look;
  if (!exists) {
    const [first] = files;
    return first === undefined ? UP : verdict('down', 'present', `${first.path} is there and must not be.`);
  }
  const newest = newestOf(files);
  if (newest === null) {
    const hasWildcard = /[*?[{]/.test(path);
    return verdict('down', 'missing', hasWildcard ? `No file matches ${path}.` : `There is no ${path}.`);
  }
  const verdicts: Verdict[] = [];
  const down = (code: string, message: string): void => void verdicts.push(verdict('down', code, message));
  const count = String(files.length);
  if (minCount !== null && files.length < minCount) down('count', `${count} files match ${path}, and ${String(minCount)} are the least.`); // prettier-ignore
  if (maxCount !== null && files.length > maxCount) down('count', `${count} files match ${path}, and ${String(maxCount)} is the most.`); // prettier-ignore
  verdicts.push(...judgeAge(newest, look.wallMs, config));
  verdicts.push(...judgeSizes(files, config));
  verdicts.push(...judgeGrowth(newest, growth, config));
  return worstOf(verdicts);
}

function judgeAge({ path, modifiedAt }: FileFacts, nowMs: number, { maxAgeMs }: FileCheckConfig): Verdict[] {
  if (maxAgeMs === null) return [];
  const ageMs = nowMs - modifiedAt;
  if (ageMs < -FUTURE_MS) {
    return [verdict('unknown', 'clock', `${path} was written in the future: its clock or this one is wrong.`)];
  }
  if (ageMs <= maxAgeMs) return [];
  const age = formatDuration(Math.floor(ageMs / 1000) * 1000);
  return [verdict('down', 'age', `${path} was last written ${age} ago, and ${formatDuration(maxAgeMs)} is the most.`)];
}

function judgeSizes(files: readonly FileFacts[], { minSizeBytes, maxSizeBytes }: FileCheckConfig): Verdict[] {
  return files.flatMap(({ path, sizeBytes }): Verdict[] => {
    const size = `${path} has ${String(sizeBytes)} bytes`;
    if (minSizeBytes !== null && sizeBytes < minSizeBytes) {
      return [verdict('down', 'size', `${size}, and ${formatSize(minSizeBytes)} is the least.`)];
    }
    if (maxSizeBytes !== null && sizeBytes > maxSizeBytes) {
      return [verdict('degraded', 'size', `${size}, and ${formatSize(maxSizeBytes)} is the most.`)];
    }
    return [];
  });
}

function judgeGrowth(
  { path }: FileFacts,
  growth: Growth | null,
  { maxGrowthBytesPerSecond, mustGrow }: FileCheckConfig,
): Verdict[] {
  if (growth === null) return [];
  if (mustGrow && !growth.wasWritten) {
    return [verdict('down', 'still', `Nothing was written to ${path} since the last look.`)];
  }
  if (maxGrowthBytesPerSecond === null || growth.bytesPerSecond <= maxGrowthBytesPerSecond) return [];
  const rate = `${growth.bytesPerSecond.toFixed(0)} bytes a second`;
  return [verdict('degraded', 'growth', `${path} grows by ${rate}, and ${formatSize(maxGrowthBytesPerSecond)} is the most.`)]; // prettier-ignore
}

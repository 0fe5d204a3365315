import { formatDuration } from '../duration.ts';
import { isFilePattern, resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import { boolean, count, duration, size, strict, text } from '../schema/values.ts';
import { formatSize } from '../size.ts';
import { validate } from '../validate.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import { describeThresholds, readThresholds, thresholdShape } from './service-values.ts';

/** A file, or the files that a pattern stands for. Each limit is null where there is none. */
export interface FileCheckConfig {
  readonly kind: 'file';
  /** Absolute; `*` and `?` in the last part. */
  readonly path: string;
  /** Whether a file must be there, or must not. */
  readonly exists: boolean;
  /** Of the newest file, since it was written. */
  readonly maxAgeMs: number | null;
  readonly minSizeBytes: number | null;
  readonly maxSizeBytes: number | null;
  /** Between two looks, over a second. */
  readonly maxGrowthBytesPerSecond: number | null;
  /** The newest file must have been written to between two looks. */
  readonly mustGrow: boolean;
  readonly minCount: number | null;
  readonly maxCount: number | null;
  readonly thresholds: Thresholds;
}

const schema = strict({
  path: text().min(1, 'The path is empty'),
  exists: boolean.optional(),
  max_age: duration.optional(),
  min_size: size.optional(),
  max_size: size.optional(),
  max_growth: size.optional(),
  must_grow: boolean.optional(),
  min_count: count.optional(),
  max_count: count.optional(),
  ...thresholdShape,
});

export const fileKind: ProbeKind<FileCheckConfig> = {
  read(value, { place, findings, directory }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    if (!isFilePattern(raw.path)) {
      const message = `"${raw.path}" has a wildcard that is not in its last part.`;
      findings.problems.push(problemAt(below(place, 'path'), message, 'Use * in the file name only.'));
    }
    return {
      kind: 'file',
      path: resolveBeside(directory, raw.path),
      exists: raw.exists ?? true,
      maxAgeMs: raw.max_age ?? null,
      minSizeBytes: raw.min_size ?? null,
      maxSizeBytes: raw.max_size ?? null,
      maxGrowthBytesPerSecond: raw.max_growth ?? null,
      mustGrow: raw.must_grow ?? false,
      minCount: raw.min_count ?? null,
      maxCount: raw.max_count ?? null,
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    path: config.path,
    exists: config.exists,
    max_age: config.maxAgeMs === null ? undefined : formatDuration(config.maxAgeMs),
    min_size: config.minSizeBytes === null ? undefined : formatSize(config.minSizeBytes),
    max_size: config.maxSizeBytes === null ? undefined : formatSize(config.maxSizeBytes),
    max_growth: config.maxGrowthBytesPerSecond === null ? undefined : formatSize(config.maxGrowthBytesPerSecond),
    must_grow: config.mustGrow,
    min_count: config.minCount ?? undefined,
    max_count: config.maxCount ?? undefined,
    ...describeThresholds(config.thresholds),
  }),
  target: ({ path }) => ({ host: null, address: path }),
};

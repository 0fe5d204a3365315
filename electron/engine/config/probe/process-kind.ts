import { resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import { count, decimal, pattern, size, strict, text } from '../schema/values.ts';
import { validate } from '../validate.ts';
import { formatSize } from '../size.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import { describeThresholds, readThresholds, thresholdShape } from './service-values.ts';

/** Processes of this machine: those that fit everything that is given. */
export interface ProcessCheckConfig {
  readonly kind: 'process';
  /** Name of the program; null for any. */
  readonly name: string | null;
  /** RE2 that is found somewhere in the command line; null for any. */
  readonly commandLine: string | null;
  readonly user: string | null;
  /** A file with the number of the process; null for none. */
  readonly pidFile: string | null;
  readonly min: number;
  readonly max: number | null;
  /** In cores: 1.5 is one and a half busy all the time. */
  readonly maxCpu: number | null;
  readonly maxMemoryBytes: number | null;
  readonly thresholds: Thresholds;
}

const schema = strict({
  name: text().min(1, 'The name is empty').optional(),
  command_line: pattern.optional(),
  user: text().optional(),
  pid_file: text().optional(),
  min: count.optional(),
  max: count.optional(),
  max_cpu: decimal.optional(),
  max_memory: size.optional(),
  ...thresholdShape,
});

export const processKind: ProbeKind<ProcessCheckConfig> = {
  read(value, { place, findings, directory }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const { name, command_line: commandLine, user, pid_file: pidFile, min = 1, max } = raw;
    if (name === undefined && commandLine === undefined && pidFile === undefined) {
      const message = 'It does not say which processes are meant.';
      findings.problems.push(problemAt(place, message, 'Add name, command_line or pid_file.'));
      return null;
    }
    if (max !== undefined && max < min) {
      findings.problems.push(problemAt(below(place, 'max'), 'The most is less than the least.', 'Write min or more.'));
    }
    return {
      kind: 'process',
      name: name ?? null,
      commandLine: commandLine ?? null,
      user: user ?? null,
      pidFile: pidFile === undefined ? null : resolveBeside(directory, pidFile),
      min,
      max: max ?? null,
      maxCpu: raw.max_cpu ?? null,
      maxMemoryBytes: raw.max_memory ?? null,
      thresholds: readThresholds(raw),
    };
  },
  describe: (config) => ({
    name: config.name ?? undefined,
    command_line: config.commandLine ?? undefined,
    user: config.user ?? undefined,
    pid_file: config.pidFile ?? undefined,
    min: config.min,
    max: config.max ?? undefined,
    max_cpu: config.maxCpu ?? undefined,
    max_memory: config.maxMemoryBytes === null ? undefined : formatSize(config.maxMemoryBytes),
    ...describeThresholds(config.thresholds),
  }),
  target: ({ name, commandLine, pidFile }) => ({ host: null, address: name ?? commandLine ?? pidFile ?? '' }),
};

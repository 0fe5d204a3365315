import { z } from 'zod';
import type { Secret } from '../configuration.ts';
import { resolveBeside } from '../file-pattern.ts';
import { labelMap, strict, text } from '../schema/values.ts';
import { describeSecret, secretFrom } from '../secret.ts';
import { validate } from '../validate.ts';
import type { ProbeKind } from './probe-kind.ts';
import type { Thresholds } from './sample-condition.ts';
import { describeThresholds, readThresholds, thresholdShape } from './service-values.ts';

/** A program and its arguments, run without a shell. */
export interface CommandCheckConfig {
  readonly kind: 'command';
  readonly run: readonly [program: string, ...args: string[]];
  /** Of the program, beside PATH, HOME and LC_ALL; the values may be references to secrets. */
  readonly environment: Readonly<Record<string, Secret>>;
  readonly directory: string;
  /** `nagios`: 0 OK, 1 warning, 2 critical, 3 unknown. `exit-code`: 0 is good, anything else bad, as with Docker. */
  readonly result: 'nagios' | 'exit-code';
  readonly thresholds: Thresholds;
}

const schema = strict({
  run: z.tuple([text().min(1, 'The program is empty')], text()),
  environment: labelMap.optional(),
  directory: text().optional(),
  result: z.enum(['nagios', 'exit-code']).optional(),
  ...thresholdShape,
});

export const commandKind: ProbeKind<CommandCheckConfig> = {
  read(value, { place, findings, directory }) {
    const raw = validate(schema, value, place, findings);
    if (raw === undefined) return null;
    const environment = Object.entries(raw.environment ?? {}).map(([name, one]) => [name, secretFrom(one)] as const);
    return {
      kind: 'command',
      run: raw.run,
      environment: Object.fromEntries(environment),
      directory: raw.directory === undefined ? directory : resolveBeside(directory, raw.directory),
      result: raw.result ?? 'nagios',
      thresholds: readThresholds(raw),
    };
  },
  describe: ({ run, environment, directory, result, thresholds }) => ({
    run,
    environment: Object.fromEntries(Object.entries(environment).map(([name, one]) => [name, describeSecret(one)])),
    directory,
    result,
    ...describeThresholds(thresholds),
  }),
  // Arguments may hold what nobody else should read.
  target: ({ run }) => ({ host: null, address: run[0] }),
};

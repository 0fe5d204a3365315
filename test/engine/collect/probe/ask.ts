import { createProbe } from '../../../../electron/engine/collect/probe/create-probe.ts';
import type { ProbePorts, ProbeResult } from '../../../../electron/engine/collect/probe/probe.ts';
import type { ProbeKindName } from '../../../../electron/engine/config/index.ts';
import { probePorts } from './check-settings.ts';
import { readProbeConfig } from './read-probe-config.ts';

export interface AskOptions {
  readonly timeoutMs?: number;
  readonly ports?: Partial<ProbePorts>;
}

/** Run a probe once, with the time limit that a scheduler would give it. */
export async function ask(kind: ProbeKindName, settings: object, options: AskOptions = {}): Promise<ProbeResult> {
  const { timeoutMs = 10_000, ports = {} } = options;
  const probe = createProbe(readProbeConfig(kind, settings), timeoutMs, { ...probePorts, ...ports });
  try {
    return await probe.run(AbortSignal.timeout(timeoutMs));
  } finally {
    probe.close?.();
  }
}

/** Values of samples by name, with the values of their labels in braces. */
export function valuesOf({ samples }: ProbeResult): Record<string, number> {
  return Object.fromEntries(
    samples.map(({ name, labels, value }) => {
      const words = Object.values(labels);
      return [words.length > 0 ? `${name}{${words.join()}}` : name, value];
    }),
  );
}

export function detailsOf({ details }: ProbeResult): Record<string, string> {
  return Object.fromEntries(details.map(({ name, value }) => [name, value]));
}

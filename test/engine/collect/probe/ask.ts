import { createProbe } from '../../../../electron/engine/collect/probe/create-probe.ts';
import type { ProbePorts, ProbeResult } from '../../../../electron/engine/collect/probe/probe.ts';
import { PROBE_KINDS } from '../../../../electron/engine/config/index.ts';
import type { ProbeConfig, ProbeKindName } from '../../../../electron/engine/config/index.ts';
import { formatProblem, noFindings } from '../../../../electron/engine/config/problem.ts';
import { readYaml } from '../../../../electron/engine/config/yaml-source.ts';
import { findConditionFault } from '../../../../electron/engine/collect/probe/json-condition.ts';
import { probePorts } from './check-settings.ts';

/** What a check asks, read as from a file: `settings` is the mapping under the key of its kind. */
export function readProbeConfig(kind: ProbeKindName, settings: object): ProbeConfig {
  const reading = readYaml(JSON.stringify(settings), 'check.yml');
  if (!reading.ok) throw new Error(reading.problems.map(formatProblem).join('\n'));
  const findings = noFindings();
  const { source } = reading;
  const config = PROBE_KINDS[kind].read(source.value ?? null, {
    place: { source, path: [] },
    directory: '/',
    findings,
    checkCondition: findConditionFault,
  });
  if (config === null || findings.problems.length > 0) throw new Error(findings.problems.map(formatProblem).join('\n'));
  return config;
}

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

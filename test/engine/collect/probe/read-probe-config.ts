import { findConditionFault } from '../../../../electron/engine/collect/probe/json-condition.ts';
import { PROBE_KINDS } from '../../../../electron/engine/config/index.ts';
import type { ProbeConfig, ProbeKindName } from '../../../../electron/engine/config/index.ts';
import { formatProblem, noFindings } from '../../../../electron/engine/config/problem.ts';
import { readYaml } from '../../../../electron/engine/config/yaml-source.ts';

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

import { createProbe } from '../../../../../electron/engine/collect/probe/create-probe.ts';
import type { Probe, ProbePorts, ProbeResult } from '../../../../../electron/engine/collect/probe/probe.ts';
import { probeKind, revealSecret } from '../../../../../electron/engine/config/index.ts';
import type { ProbeKindName } from '../../../../../electron/engine/config/index.ts';
import { noFindings } from '../../../../../electron/engine/config/problem.ts';
import type { PlainValue } from '../../../../../electron/engine/config/yaml-source.ts';
import { systemClock } from '../../../../../electron/engine/schedule/index.ts';

/** The settings of a kind as a configuration file has them: every scalar a text. */
export type RawSettings = Readonly<Record<string, PlainValue>>;

/** The probe of a kind, made from settings as they stand in a file. Throws what is wrong with them. */
export function makeProbe(
  kind: ProbeKindName,
  settings: RawSettings,
  options: { readonly timeoutMs?: number; readonly ports?: Partial<ProbePorts> } = {},
): Probe {
  const findings = noFindings();
  const nowhere = { file: 'test.yml', line: 1, column: 1, path: '' };
  const source = { file: 'test.yml', value: settings, at: () => nowhere, inside: () => nowhere };
  const place = { source, path: [] };
  const config = probeKind(kind).read(settings, { place, directory: '/', findings, checkCondition: () => null });
  if (config === null || findings.problems.length > 0) {
    throw new Error(findings.problems.map(({ message, remedy }) => `${message} ${remedy}`).join('\n'));
  }
  const secrets = { environment: process.env, readFile: () => Promise.reject(new Error('no files')), keychain: null };
  return createProbe(config, options.timeoutMs ?? 10_000, {
    clock: systemClock,
    userAgent: 'Vedette/test',
    revealSecret: (secret) => revealSecret(secret, secrets),
    ...options.ports,
  });
}

/** Run a probe with its time limit, as the schedule does. */
export function runWithin(probe: Probe, timeoutMs = 10_000): Promise<ProbeResult> {
  return probe.run(AbortSignal.timeout(timeoutMs));
}

/** Make a probe, run it once, and let it go. */
export async function look(kind: ProbeKindName, settings: RawSettings, timeoutMs = 10_000): Promise<ProbeResult> {
  const probe = makeProbe(kind, settings, { timeoutMs });
  try {
    return await runWithin(probe, timeoutMs);
  } finally {
    probe.close?.();
  }
}

/** `code: message` of a result that is not up; its outcome before it. */
export function say({ outcome, reason }: ProbeResult): string {
  return reason === null ? outcome : `${outcome} ${reason.code}: ${reason.message}`;
}

export function sample(
  result: ProbeResult,
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | null {
  const found = result.samples.find(
    (one) => one.name === name && Object.entries(labels).every(([key, value]) => one.labels[key] === value),
  );
  return found?.value ?? null;
}

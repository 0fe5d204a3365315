import { dirname } from 'node:path';
import type { NotifyConfig } from './configuration.ts';
import { rootOf } from './layers.ts';
import { warnPlaceholders } from './placeholders.ts';
import { noFindings, sortProblems, type Problem } from './problem.ts';
import { readNotify } from './read-notify.ts';
import { readYaml } from './yaml-source.ts';

export type LoadedAlertmanagerFile =
  | { readonly ok: true; readonly value: NotifyConfig; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/** Read an alertmanager.yml by itself. @param path absolute */
export function loadAlertmanagerFile(
  text: string,
  path: string,
  environment: Readonly<Record<string, string | undefined>>,
): LoadedAlertmanagerFile {
  const reading = readYaml(text, path);
  if (!reading.ok) return { ok: false, problems: reading.problems, warnings: [] };
  const findings = noFindings();
  const root = rootOf(reading.source);
  findings.warnings.push(...reading.warnings, ...warnPlaceholders(reading.source.value, root, environment));
  const value = readNotify(reading.source.value, root, dirname(path), findings);
  const warnings = sortProblems(findings.warnings, [path]);
  if (value === null) return { ok: false, problems: sortProblems(findings.problems, [path]), warnings };
  return { ok: true, value, warnings };
}

import { readFile as readNodeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { readBlackbox } from './blackbox/read-blackbox.ts';
import { nodeConfigFiles } from './file-pattern.ts';
import type { ConfigFiles } from './file-pattern.ts';
import { loadAlertmanagerFile } from './load-alertmanager-file.ts';
import { loadConfiguration } from './load-configuration.ts';
import type { LoadOptions } from './load-configuration.ts';
import { loadRuleFile } from './load-rule-file.ts';
import { rootOf } from './layers.ts';
import { warnPlaceholders } from './placeholders.ts';
import { noFindings, sortProblems } from './problem.ts';
import type { Problem } from './problem.ts';
import { readYaml } from './yaml-source.ts';

export type CheckedKind = 'config' | 'rules' | 'alertmanager' | 'blackbox';

export interface CheckedFile {
  readonly file: string;
  readonly ok: boolean;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** What the file holds, such as `{ ruleGroups: 2, rules: 9 }`; empty when it is wrong. */
  readonly counts: Readonly<Record<string, number>>;
}

export type CheckPorts = Omit<LoadOptions, 'file' | 'overrides' | 'selfAddress'>;

/** What `vedette check` prints: each file by itself, with everything that it names. */
export async function checkFiles(
  kind: CheckedKind,
  files: readonly string[],
  ports: CheckPorts,
): Promise<readonly CheckedFile[]> {
  const disk = ports.files ?? nodeConfigFiles(ports.readFile ?? ((path) => readNodeFile(path, 'utf8')));
  const results: CheckedFile[] = [];
  for (const file of files) {
    const path = resolve(file);
    results.push(
      kind === 'config' ? await checkConfig(file, path, ports) : await checkOne(kind, file, path, disk, ports),
    );
  }
  return results;
}

async function checkConfig(file: string, path: string, ports: CheckPorts): Promise<CheckedFile> {
  const loaded = await loadConfiguration({ ...ports, file: path });
  if (!loaded.ok) return { file, ok: false, problems: loaded.problems, warnings: loaded.warnings, counts: {} };
  const { value, warnings } = loaded;
  const counts = {
    scrapeConfigs: value.scrapeConfigs.length,
    ruleFiles: value.ruleFiles.length,
    ruleGroups: value.ruleGroups.length,
    rules: value.ruleGroups.reduce((sum, group) => sum + group.rules.length, 0),
    checks: value.checks.length,
    logs: value.logs.length,
    receivers: value.notify.receivers.length,
  };
  return { file, ok: true, problems: [], warnings, counts };
}

async function checkOne(
  kind: Exclude<CheckedKind, 'config'>,
  file: string,
  path: string,
  disk: ConfigFiles,
  ports: CheckPorts,
): Promise<CheckedFile> {
  const failed = (message: string, remedy: string): CheckedFile => {
    const problem = { file: path, line: 0, column: 0, path: '', message, remedy };
    return { file, ok: false, problems: [problem], warnings: [], counts: {} };
  };
  let text: string | null;
  try {
    text = await disk.read(path);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    return failed(`The file cannot be read (${String(error.code)}).`, 'Allow reading it, or correct the path.');
  }
  if (text === null) return failed('The file does not exist.', 'Correct the path.');
  switch (kind) {
    case 'rules':
      return checkRules(file, path, text, ports);
    case 'alertmanager':
      return checkAlertmanager(file, path, text, ports);
    case 'blackbox':
      return checkBlackbox(file, path, text, ports);
  }
}

function checkRules(file: string, path: string, text: string, ports: CheckPorts): CheckedFile {
  const loaded = loadRuleFile(text, path, ports);
  if (!loaded.ok) return { file, ok: false, problems: loaded.problems, warnings: loaded.warnings, counts: {} };
  const rules = loaded.value.flatMap((group) => group.rules);
  const alerts = rules.filter((rule) => rule.kind === 'alerting').length;
  const counts = { ruleGroups: loaded.value.length, rules: rules.length, alerts, records: rules.length - alerts };
  return { file, ok: true, problems: [], warnings: loaded.warnings, counts };
}

function checkAlertmanager(file: string, path: string, text: string, ports: CheckPorts): CheckedFile {
  const loaded = loadAlertmanagerFile(text, path, ports.environment);
  if (!loaded.ok) return { file, ok: false, problems: loaded.problems, warnings: loaded.warnings, counts: {} };
  const { receivers, inhibitRules } = loaded.value;
  const counts = { receivers: receivers.length, inhibitRules: inhibitRules.length };
  return { file, ok: true, problems: [], warnings: loaded.warnings, counts };
}

function checkBlackbox(file: string, path: string, text: string, ports: CheckPorts): CheckedFile {
  const reading = readYaml(text, path);
  if (!reading.ok) return { file, ok: false, problems: reading.problems, warnings: [], counts: {} };
  const findings = noFindings();
  const place = rootOf(reading.source);
  findings.warnings.push(...reading.warnings, ...warnPlaceholders(reading.source.value, place, ports.environment));
  const checkCondition = ports.checkCondition ?? (() => null);
  const modules = readBlackbox(reading.source.value, { place, directory: dirname(path), findings, checkCondition });
  const problems = sortProblems(findings.problems, [path]);
  const warnings = sortProblems(findings.warnings, [path]);
  if (problems.length > 0) return { file, ok: false, problems, warnings, counts: {} };
  return { file, ok: true, problems, warnings, counts: { modules: modules.length } };
}

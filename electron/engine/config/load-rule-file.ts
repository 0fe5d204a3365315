import type { LabelRecord } from '../../../shared/model/labels.ts';
import type { RuleConfig, RuleGroupConfig } from './configuration.ts';
import { checkLabelNames, isLabelName, isMetricName } from './names.ts';
import type { NameScheme } from './names.ts';
import type { PromqlFeatureName } from './promql-features.ts';
import { below, noFindings, problemAt, sortProblems } from './problem.ts';
import type { Findings, Place, Problem } from './problem.ts';
import { RULE_FILE_KEYS, ruleEntry, ruleFile, ruleGroup } from './schema/rule-schema.ts';
import type { RawRule } from './schema/rule-schema.ts';
import { validate } from './validate.ts';
import { readYaml } from './yaml-source.ts';
import type { PlainValue } from './yaml-source.ts';

/** A fault in a text, with its place in it (1-based). */
export interface TextFault {
  readonly message: string;
  readonly line: number;
  readonly column: number;
}

/** Languages that rules contain and that other rooms know; null from a check means that the text is right. */
export interface LanguageChecks {
  /** PromQL, with the experimental parts that are switched on. */
  readonly checkExpression?: (text: string, features: readonly PromqlFeatureName[]) => TextFault | null;
  /** The template of a label or an annotation. */
  readonly checkTemplate?: (text: string) => TextFault | null;
}

export interface RuleFileOptions extends LanguageChecks {
  /** For groups that name no interval of their own; 1 minute when absent. */
  readonly defaultIntervalMs?: number;
  /** For groups that name no offset of their own. */
  readonly defaultQueryOffsetMs?: number;
  readonly nameScheme?: NameScheme;
  /** Experimental parts of PromQL that are switched on; none when absent. */
  readonly promqlFeatures?: readonly PromqlFeatureName[];
  /** Pass over keys that a rule file does not have, such as those of other programs. Default false. */
  readonly ignoresUnknownKeys?: boolean;
}

export type LoadedRuleFile =
  | { readonly ok: true; readonly value: readonly RuleGroupConfig[]; readonly warnings: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[]; readonly warnings: readonly Problem[] };

/**
 * Read a rule file in Prometheus's format: strict keys, names, expressions, templates, duplicates.
 *
 * Every problem of the file is returned, in the order of the text. An empty file has no groups.
 * Source: Prometheus, `model/rulefmt`; the wording of a refusal starts like Prometheus's where tools look for it.
 */
export function loadRuleFile(text: string, file: string, options: RuleFileOptions = {}): LoadedRuleFile {
  const reading = readYaml(text, file);
  if (!reading.ok) return { ok: false, problems: reading.problems, warnings: [] };
  const findings = noFindings();
  findings.warnings.push(...reading.warnings);
  const root: Place = { source: reading.source, path: [] };
  const groups: RuleGroupConfig[] = [];
  const value = known(reading.source.value ?? {}, 'file', options);
  const raw = validate(ruleFile, value, root, findings);
  const seen = new Set<string>();
  for (const [index, entry] of (raw?.groups ?? []).entries()) {
    const group = readGroup(entry as PlainValue, below(root, 'groups', index), file, options, findings);
    if (group === null) continue;
    if (seen.has(group.name)) {
      findings.problems.push(
        problemAt(
          below(root, 'groups', index, 'name'),
          `groupname: "${group.name}" is repeated in the same file.`,
          'Give each group a name of its own.',
        ),
      );
    }
    seen.add(group.name);
    groups.push(group);
  }
  findings.warnings.push(...duplicateRules(groups, root));
  const warnings = sortProblems(findings.warnings, [file]);
  return findings.problems.length > 0
    ? { ok: false, problems: sortProblems(findings.problems, [file]), warnings }
    : { ok: true, value: groups, warnings };
}

/** A mapping without the keys that are to be passed over. */
function known(value: PlainValue, kind: keyof typeof RULE_FILE_KEYS, options: RuleFileOptions): PlainValue {
  if (options.ignoresUnknownKeys !== true || typeof value !== 'object' || value === null) return value;
  const keys: readonly string[] = RULE_FILE_KEYS[kind];
  return Object.fromEntries(Object.entries(value).filter(([key]) => keys.includes(key)));
}

function readGroup(
  value: PlainValue,
  place: Place,
  file: string,
  options: RuleFileOptions,
  findings: Findings,
): RuleGroupConfig | null {
  const raw = validate(ruleGroup, known(value, 'group', options), place, findings);
  if (raw === undefined) return null;
  if (raw.name === '') {
    findings.problems.push(problemAt(below(place, 'name'), 'Groupname must not be empty.', 'Name the group.'));
  }
  if (raw.limit !== undefined && raw.limit < 0) {
    findings.problems.push(problemAt(below(place, 'limit'), 'The limit is negative.', 'Write 0 for no limit.'));
  }
  const scheme = options.nameScheme ?? 'utf8';
  checkLabelNames(raw.labels ?? {}, below(place, 'labels'), scheme, findings);
  const rules = (raw.rules ?? []).map((rule, index) =>
    readRule(rule as PlainValue, below(place, 'rules', index), scheme, options, findings),
  );
  const interval = raw.interval ?? 0;
  return {
    name: raw.name,
    file,
    intervalMs: interval > 0 ? interval : (options.defaultIntervalMs ?? 60_000),
    limit: Math.max(raw.limit ?? 0, 0),
    queryOffsetMs: raw.query_offset ?? options.defaultQueryOffsetMs ?? 0,
    labels: raw.labels ?? {},
    rules: rules.filter((rule) => rule !== null),
  };
}

function readRule(
  value: PlainValue,
  place: Place,
  scheme: NameScheme,
  options: RuleFileOptions,
  findings: Findings,
): RuleConfig | null {
  const raw = validate(ruleEntry, known(value, 'rule', options), place, findings);
  if (raw === undefined) return null;
  const before = findings.problems.length;
  checkRule(raw, place, scheme, options, findings);
  if (findings.problems.length > before) return null;
  const { line } = place.source.at(place.path);
  const shared = { expr: raw.expr ?? '', labels: raw.labels ?? {}, line };
  return raw.record === undefined
    ? {
        kind: 'alerting',
        alert: raw.alert ?? '',
        ...shared,
        forMs: raw.for ?? 0,
        keepFiringForMs: raw.keep_firing_for ?? 0,
        annotations: raw.annotations ?? {},
      }
    : { kind: 'recording', record: raw.record, ...shared };
}

/** Source: Prometheus, `rulefmt.Rule.Validate`. */
function checkRule(raw: RawRule, place: Place, scheme: NameScheme, options: RuleFileOptions, findings: Findings): void {
  const report = (key: string | null, message: string, remedy: string): void => {
    findings.problems.push(problemAt(key === null ? place : below(place, key), message, remedy));
  };
  const isRecording = (raw.record ?? '') !== '';
  if (isRecording && (raw.alert ?? '') !== '') {
    report('alert', `only one of 'record' and 'alert' must be set.`, 'Split it into two rules.');
  }
  if (!isRecording && (raw.alert ?? '') === '') {
    report(null, `one of 'record' or 'alert' must be set.`, 'Name the rule with "alert" or the series with "record".');
  }
  checkExpression(raw, place, options, findings);
  if (isRecording) checkRecording(raw, scheme, report);
  checkLabelNames(raw.labels ?? {}, below(place, 'labels'), scheme, findings);
  for (const name of Object.keys(raw.annotations ?? {})) {
    if (isLabelName(name, scheme)) continue;
    const at = below(place, 'annotations', name);
    findings.problems.push(problemAt(at, `invalid annotation name: ${name}.`, 'Use letters and underscores.', 'key'));
  }
  if (!isRecording) {
    checkTemplates(raw.labels ?? {}, below(place, 'labels'), options, findings);
    checkTemplates(raw.annotations ?? {}, below(place, 'annotations'), options, findings);
  }
}

function checkRecording(
  raw: RawRule,
  scheme: NameScheme,
  report: (key: string, message: string, remedy: string) => void,
): void {
  const name = raw.record ?? '';
  if (/[{}]/.test(name)) {
    const message = `braces present in the recording rule name; should it be in expr?: ${name}.`;
    report('record', message, 'Give the name alone; labels go into "labels".');
  } else if (!isMetricName(name, scheme)) {
    report('record', `invalid recording rule name: ${name}.`, 'Use letters, digits, underscores and colons.');
  }
  for (const key of ['for', 'keep_firing_for', 'annotations'] as const) {
    const given = raw[key];
    if (given === undefined || given === 0) continue;
    report(key, `invalid field '${key}' in recording rule.`, 'Remove it; only alerts have it.');
  }
}

function checkExpression(raw: RawRule, place: Place, options: RuleFileOptions, findings: Findings): void {
  if ((raw.expr ?? '') === '') {
    findings.problems.push(problemAt(place, `field 'expr' must be set in rule.`, 'Add the PromQL expression.'));
    return;
  }
  const fault = options.checkExpression?.(raw.expr ?? '', options.promqlFeatures ?? []) ?? null;
  if (fault !== null) {
    findings.problems.push(problemInText(below(place, 'expr'), fault, 'Correct the PromQL expression.'));
  }
}

function checkTemplates(texts: LabelRecord, place: Place, options: RuleFileOptions, findings: Findings): void {
  for (const [name, text] of Object.entries(texts)) {
    const fault = options.checkTemplate?.(text) ?? null;
    if (fault !== null) findings.problems.push(problemInText(below(place, name), fault, 'Correct the template.'));
  }
}

function problemInText(place: Place, fault: TextFault, remedy: string): Problem {
  return { ...problemAt(place, fault.message, remedy), ...place.source.inside(place.path, fault.line, fault.column) };
}

/** Two rules of one name and the same labels in a file write over each other; Prometheus allows it, so it is a warning. */
function duplicateRules(groups: readonly RuleGroupConfig[], root: Place): Problem[] {
  const seen = new Map<string, number>();
  const warnings: Problem[] = [];
  for (const rule of groups.flatMap((group) => group.rules)) {
    const name = rule.kind === 'recording' ? rule.record : rule.alert;
    const key = JSON.stringify([
      rule.kind,
      name,
      rule.kind === 'alerting' ? rule.expr : '',
      Object.entries(rule.labels).toSorted(),
    ]);
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, rule.line);
      continue;
    }
    const { file } = root.source.at([]);
    warnings.push({
      file,
      line: rule.line,
      column: 1,
      path: '',
      message: `The rule "${name}" repeats that of line ${String(first)}.`,
      remedy: 'Remove one, or tell them apart by their labels.',
    });
  }
  return warnings;
}

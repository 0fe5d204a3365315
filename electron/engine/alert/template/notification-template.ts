import { BUILTINS } from './builtin-functions.ts';
import { evaluateTemplate } from './evaluate-template.ts';
import type { ExpandResult } from './expand-template.ts';
import { createHtmlOutput } from './html-output.ts';
import { notificationDot, type NotificationData } from './notification-data.ts';
import { NOTIFICATION_FUNCTION_NAMES, notificationFunctions } from './notification-functions.ts';
import { parseTemplate } from './parse-template.ts';
import type { Statement } from './syntax.ts';
import type { TemplateProblem } from './template-problem.ts';
import { CallFailure, type TemplateValue } from './template-value.ts';

/** Named templates, as files and the program's own defaults define them; a later definition takes the place of a former. */
export interface TemplateSet {
  readonly defined: ReadonlyMap<string, readonly Statement[]>;
}

export interface TemplateFile {
  readonly name: string;
  readonly text: string;
}

const FUNCTION_NAMES: ReadonlySet<string> = new Set([...BUILTINS.keys(), ...NOTIFICATION_FUNCTION_NAMES]);

/** Read files of templates, in order. Every file that does not parse is reported. */
export function readTemplates(
  files: readonly TemplateFile[],
):
  | { readonly ok: true; readonly set: TemplateSet }
  | { readonly ok: false; readonly problems: readonly TemplateProblem[] } {
  const defined = new Map<string, readonly Statement[]>();
  const problems: TemplateProblem[] = [];
  for (const { name, text } of files) {
    const parsed = parseTemplate(name, text, FUNCTION_NAMES);
    if (!parsed.ok) problems.push(parsed.problem);
    else for (const [template, body] of parsed.value.defined) defined.set(template, body);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, set: { defined } };
}

export interface RenderOptions {
  readonly nowMs: number;
  /** Values are escaped for the place in HTML where they stand. */
  readonly html?: boolean;
}

/** Expand a text of a channel, such as `{{ template "slack.default.title" . }}`, over a notification. */
export function renderNotification(
  set: TemplateSet,
  text: string,
  data: NotificationData,
  options: RenderOptions,
): ExpandResult {
  return renderText(set, text, notificationDot(data), data.routeLabels ?? {}, options);
}

/** The same over any value. */
export function renderText(
  set: TemplateSet,
  text: string,
  dot: TemplateValue,
  routeLabels: Readonly<Record<string, string>>,
  options: RenderOptions,
): ExpandResult {
  if (!text.includes('{{') && options.html !== true) return { ok: true, text };
  const parsed = parseTemplate('', text, FUNCTION_NAMES);
  if (!parsed.ok) return parsed;
  const defined = new Map([...set.defined, ...parsed.value.defined]);
  const open: string[] = [];
  const routeLabel = (name: string): string => {
    if (open.includes(name)) throw new CallFailure(`route label ${name} refers to itself`);
    open.push(name);
    const expanded = run(routeLabels[name] ?? '');
    open.pop();
    if (!expanded.ok) throw new CallFailure(expanded.problem.message);
    return expanded.text;
  };
  const functions = notificationFunctions({ nowMs: options.nowMs, routeLabel });
  const run = (label: string): ExpandResult => {
    const inner = parseTemplate('', label, FUNCTION_NAMES);
    return inner.ok ? evaluateTemplate({ ...inner.value, defined }, dot, { functions }) : inner;
  };
  const output = options.html === true ? { output: createHtmlOutput() } : {};
  return evaluateTemplate({ ...parsed.value, defined }, dot, { functions, ...output });
}

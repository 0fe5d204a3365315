import { humanizeDuration } from './humanize.ts';
import { DURATION_TYPE, goDuration, goTime, nanosecondsOf, TIME_TYPE, zoneAt } from './go-time.ts';
import { goJson } from './go-json.ts';
import { stringList, textsOf } from './notification-data.ts';
import { compile, replaceAll, title, toNumber } from './prometheus-functions.ts';
import { CallFailure, textOf, typeName, type TemplateFunction, type TemplateStruct, type TemplateValue } from './template-value.ts'; // prettier-ignore

export interface NotificationFunctionOptions {
  readonly nowMs: number;
  /** Expands the label of the route that has this name. */
  readonly routeLabel: (name: string) => string;
}

const LIST_TYPE = '[]interface {}';
/** Text that an HTML template takes as it is. */
export const SAFE_HTML_TYPE = 'template.HTML';
export const SAFE_URL_TYPE = 'template.URL';

/** The functions of notification templates. Source: Alertmanager, template/template.go `DefaultFuncs`. */
export function notificationFunctions(options: NotificationFunctionOptions): ReadonlyMap<string, TemplateFunction> {
  const { nowMs, routeLabel } = options;
  return new Map<string, TemplateFunction>([
    ['toUpper', text((value) => value.toUpperCase())],
    ['toLower', text((value) => value.toLowerCase())],
    ['title', text(title)],
    ['trimSpace', text((value) => value.trim())],
    ['join', { parameters: ['string', 'any'], call: (separator, list) => textsOf(list).join(textOf(separator)) }],
    ['match', { parameters: ['string', 'string'], call: (pattern, subject) => compile(textOf(pattern)).matcher(textOf(subject)).find() }], // prettier-ignore
    ['safeHtml', text((value) => safe(SAFE_HTML_TYPE, value))],
    ['safeUrl', text((value) => safe(SAFE_URL_TYPE, value))],
    ['urlUnescape', text(urlUnescape)],
    ['reReplaceAll', { parameters: ['string', 'string', 'string'], call: (pattern, by, subject) => replaceAll(textOf(pattern), textOf(by), textOf(subject)) }], // prettier-ignore
    ['stringSlice', { parameters: [], rest: 'string', call: (...values) => stringList(values.map(textOf)) }],
    ['date', { parameters: ['string', TIME_TYPE], call: (layout, time) => (time as TemplateStruct).methods.get('Format')?.call(layout ?? '') ?? '' }], // prettier-ignore
    ['tz', { parameters: ['string', TIME_TYPE], call: (name, time = null) => inZone(textOf(name), time) }],
    ['since', { parameters: [TIME_TYPE], call: (time = null) => goDuration(BigInt(nowMs) * 1_000_000n - nanosecondsOf(time)) }], // prettier-ignore
    ['humanizeDuration', { parameters: ['any'], call: (value = null) => humanizeDuration(secondsOf(value)) }],
    ['toJson', { parameters: ['any'], call: (value = null) => goJson(value) }],
    ['list', { parameters: [], rest: 'any', call: (...items) => ({ kind: 'list', type: LIST_TYPE, items }) }],
    ['append', { parameters: [LIST_TYPE], rest: 'any', call: (list, ...more) => appended(list ?? null, more) }],
    ['dict', { parameters: [], rest: 'any', call: (...values) => dict(values) }],
    ['base64encode', text((value) => Buffer.from(value).toString('base64').replaceAll('+', '-').replaceAll('/', '_'))],
    ['base64decode', text(base64decode)],
    ['routeLabels', text(routeLabel)],
  ]);
}

/** The names that a template of a notification may call, besides the built-in ones. */
export const NOTIFICATION_FUNCTION_NAMES: readonly string[] = [
  ...notificationFunctions({ nowMs: 0, routeLabel: () => '' }).keys(),
];

function text(call: (value: string) => TemplateValue): TemplateFunction {
  return { parameters: ['string'], call: (value) => call(textOf(value)) };
}

function safe(type: string, value: string): TemplateStruct {
  return { kind: 'struct', type, fields: new Map(), methods: new Map(), text: value };
}

function inZone(name: string, time: TemplateValue): TemplateStruct {
  const nanoseconds = nanosecondsOf(time);
  return goTime(nanoseconds, zoneAt(name, nanoseconds));
}

function secondsOf(value: TemplateValue): number {
  return typeName(value) === DURATION_TYPE ? Number(nanosecondsOf(value)) / 1e9 : toNumber(value);
}

function appended(list: TemplateValue, more: readonly TemplateValue[]): TemplateValue {
  if (typeof list !== 'object' || list?.kind !== 'list') throw new CallFailure('not a list');
  return { ...list, items: [...list.items, ...more] };
}

function dict(values: readonly TemplateValue[]): TemplateValue {
  if (values.length % 2 !== 0) throw new CallFailure('dict expects an even number of arguments');
  const entries = new Map<string, TemplateValue>();
  for (let i = 0; i < values.length; i += 2) {
    const key = values[i];
    if (typeof key !== 'string') throw new CallFailure('dict keys must be strings');
    entries.set(key, values[i + 1] ?? null);
  }
  return { kind: 'map', type: 'map[string]interface {}', entries, zero: null };
}

/** Go's url.QueryUnescape. */
function urlUnescape(value: string): string {
  try {
    return decodeURIComponent(value.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) throw new CallFailure(`invalid URL escape in ${JSON.stringify(value)}`, { cause: error }); // prettier-ignore
    throw error;
  }
}

function base64decode(value: string): string {
  if (!/^[\w-]*={0,2}$/.test(value) || value.length % 4 !== 0) {
    throw new CallFailure(`illegal base64 data: ${JSON.stringify(value)}`);
  }
  return Buffer.from(value, 'base64url').toString('utf8');
}

import type { LabelRecord } from '../../../../shared/model/labels.ts';
import { goTime } from './go-time.ts';
import { CallFailure, compareText, type TemplateFunction, type TemplateList, type TemplateMap, type TemplateStruct, type TemplateValue } from './template-value.ts'; // prettier-ignore

/** One alert of a notification, as templates see it. Times are epoch milliseconds; null is Go's zero time. */
export interface TemplateAlert {
  readonly status: string;
  readonly labels: LabelRecord | null;
  readonly annotations: LabelRecord | null;
  readonly startsAt: number | null;
  readonly endsAt: number | null;
  readonly generatorUrl: string;
  readonly fingerprint: string;
}

/** What templates of notifications are expanded over. Source: Alertmanager manual, "Data". */
export interface NotificationData {
  readonly receiver: string;
  readonly status: string;
  readonly alerts: readonly TemplateAlert[];
  readonly groupLabels: LabelRecord | null;
  readonly commonLabels: LabelRecord | null;
  readonly commonAnnotations: LabelRecord | null;
  readonly externalUrl: string;
  readonly routeLabels: LabelRecord | null;
}

export const STRINGS_TYPE = '[]string';

/** The dot of a notification's templates. */
export function notificationDot(data: NotificationData): TemplateStruct {
  return struct('template.Data', [
    ['Receiver', data.receiver],
    ['Status', data.status],
    ['Alerts', alertList(data.alerts)],
    ['GroupLabels', pairsMap(data.groupLabels)],
    ['CommonLabels', pairsMap(data.commonLabels)],
    ['CommonAnnotations', pairsMap(data.commonAnnotations)],
    ['ExternalURL', data.externalUrl],
    ['RouteLabels', pairsMap(data.routeLabels)],
  ]);
}

export function stringList(items: readonly string[]): TemplateList {
  return { kind: 'list', type: STRINGS_TYPE, items };
}

/** The texts of a list; Go's `[]string`, and `[]interface {}` where all are texts. @throws CallFailure */
export function textsOf(value: TemplateValue | undefined): string[] {
  const isList = typeof value === 'object' && value?.kind === 'list';
  if (!isList) throw new CallFailure('not a list of texts');
  return value.items.map((item) => {
    if (typeof item !== 'string') throw new CallFailure('not a list of texts');
    return item;
  });
}

const ZERO_TIME_NS = -62_135_596_800_000_000_000n;

function alertList(alerts: readonly TemplateAlert[]): TemplateList {
  const only = (status: string): TemplateFunction => ({
    parameters: [],
    call: () => alertList(alerts.filter((alert) => alert.status === status)),
  });
  return {
    kind: 'list',
    type: 'template.Alerts',
    items: alerts.map(alertStruct),
    methods: new Map([
      ['Firing', only('firing')],
      ['Resolved', only('resolved')],
    ]),
  };
}

function alertStruct(alert: TemplateAlert): TemplateStruct {
  const time = (at: number | null): TemplateStruct => goTime(at === null ? ZERO_TIME_NS : BigInt(at) * 1_000_000n);
  return struct('template.Alert', [
    ['Status', alert.status],
    ['Labels', pairsMap(alert.labels)],
    ['Annotations', pairsMap(alert.annotations)],
    ['StartsAt', time(alert.startsAt)],
    ['EndsAt', time(alert.endsAt)],
    ['GeneratorURL', alert.generatorUrl],
    ['Fingerprint', alert.fingerprint],
  ]);
}

/** Alertmanager's `KV`: a map of texts with methods. Null stands for a map that was never made. */
function pairsMap(record: LabelRecord | null): TemplateMap | null {
  if (record === null) return null;
  const names = sortedNames(record);
  const without = (removed: readonly string[]): LabelRecord =>
    Object.fromEntries(Object.entries(record).filter(([name]) => !removed.includes(name)));
  const method = (give: (...values: readonly TemplateValue[]) => TemplateValue): TemplateFunction => ({
    parameters: [],
    call: give,
  });
  return {
    kind: 'map',
    type: 'template.KV',
    entries: new Map(Object.entries(record)),
    zero: '',
    methods: new Map([
      ['SortedPairs', method(() => pairList(names.map((name) => [name, record[name] ?? ''])))],
      ['Names', method(() => stringList(names))],
      ['Values', method(() => stringList(names.map((name) => record[name] ?? '')))],
      ['Remove', { parameters: [STRINGS_TYPE], call: (removed) => pairsMap(without(textsOf(removed))) }],
    ]),
  };
}

/** By bytes, but `alertname` before all others. Source: Alertmanager, template.go `SortedPairs`. */
function sortedNames(record: LabelRecord): string[] {
  const rank = (name: string): number => (name === 'alertname' ? 0 : 1);
  return Object.keys(record).sort((a, b) => rank(a) - rank(b) || compareText(a, b));
}

function pairList(pairs: readonly (readonly [name: string, value: string])[]): TemplateList {
  const texts = (index: 0 | 1): TemplateFunction => ({
    parameters: [],
    call: () => stringList(pairs.map((pair) => pair[index])),
  });
  return {
    kind: 'list',
    type: 'template.Pairs',
    items: pairs.map(([name, value]) =>
      struct('template.Pair', [
        ['Name', name],
        ['Value', value],
      ]),
    ),
    methods: new Map([
      ['Names', texts(0)],
      ['Values', texts(1)],
      ['String', { parameters: [], call: () => pairs.map(([name, value]) => `${name}=${value}`).join(', ') }],
    ]),
  };
}

function struct(type: string, fields: readonly (readonly [string, TemplateValue])[]): TemplateStruct {
  const known = new Map(fields);
  return { kind: 'struct', type, fields: known, methods: new Map(), text: `{${[...known.keys()].join(' ')}}` };
}

import type { Matcher } from '../../../shared/model/matcher.ts';
import type { InhibitRuleConfig, RouteConfig } from './configuration.ts';
import { isLabelName } from './names.ts';
import { parseMatchers } from './parse-matchers.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { inhibitRule, routeEntry } from './schema/alertmanager-schema.ts';
import type { RawInhibitRule, RawRoute } from './schema/alertmanager-schema.ts';
import { validate } from './validate.ts';
import type { PlainValue } from './yaml-source.ts';

/** What a route takes from the one above it. Source: Alertmanager manual, `<route>`. */
const ROOT: RouteConfig = {
  receiver: '',
  groupBy: [],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 4 * 3_600_000,
  matchers: [],
  muteTimeIntervals: [],
  activeTimeIntervals: [],
  continue: false,
  routes: [],
};

/** Names that routes may refer to. */
export interface RouteNames {
  readonly receivers: ReadonlySet<string>;
  readonly timeIntervals: ReadonlySet<string>;
}

/** The routing tree, each route complete with what it inherits; null when a part of it is wrong. */
export function readRootRoute(
  value: PlainValue | undefined,
  place: Place,
  names: RouteNames,
  findings: Findings,
): RouteConfig | null {
  if (value === undefined || value === null) {
    findings.problems.push(
      problemAt(place, 'no routes provided.', 'Add "route" with the receiver that takes every alert.'),
    );
    return null;
  }
  const raw = validate(routeEntry, value, place, findings);
  if (raw === undefined) return null;
  const refuse = (key: string, message: string, remedy: string): void => {
    findings.problems.push(problemAt(below(place, key), message, remedy, 'key'));
  };
  if ((raw.receiver ?? '') === '') {
    findings.problems.push(problemAt(place, 'root route must specify a default receiver.', 'Add "receiver".'));
  }
  for (const key of ['match', 'match_re', 'matchers'] as const) {
    if (Object.keys(raw[key] ?? {}).length > 0)
      refuse(key, 'root route must not have any matchers.', 'Move them into a route below it.');
  }
  if (raw.continue === true) refuse('continue', 'cannot have continue in root route.', 'Remove it.');
  for (const kind of ['mute', 'active'] as const) {
    const key = `${kind}_time_intervals` as const;
    if ((raw[key] ?? []).length > 0) {
      refuse(key, `root route must not have any ${kind} time intervals.`, 'Move them into a route below it.');
    }
  }
  return completeRoute(raw, place, ROOT, names, findings);
}

function completeRoute(
  raw: RawRoute,
  place: Place,
  parent: RouteConfig,
  names: RouteNames,
  findings: Findings,
): RouteConfig {
  checkRoute(raw, place, names, findings);
  const matchers = [
    ...fromMap(raw.match, '='),
    ...fromMap(raw.match_re, '=~'),
    ...fromTexts(raw.matchers, below(place, 'matchers'), findings),
  ];
  const inherited: RouteConfig = {
    receiver: (raw.receiver ?? '') === '' ? parent.receiver : (raw.receiver ?? ''),
    groupBy: raw.group_by ?? parent.groupBy,
    groupWaitMs: raw.group_wait ?? parent.groupWaitMs,
    groupIntervalMs: raw.group_interval ?? parent.groupIntervalMs,
    repeatIntervalMs: raw.repeat_interval ?? parent.repeatIntervalMs,
    matchers,
    muteTimeIntervals: raw.mute_time_intervals ?? [],
    activeTimeIntervals: raw.active_time_intervals ?? [],
    continue: raw.continue ?? false,
    routes: [],
    ...escalationOf(raw, parent),
  };
  checkEscalation(raw, inherited, place, names, findings);
  const routes = (raw.routes ?? []).flatMap((entry, index) => {
    const childPlace = below(place, 'routes', index);
    const child = validate(routeEntry, entry as PlainValue, childPlace, findings);
    return child === undefined ? [] : [completeRoute(child, childPlace, inherited, names, findings)];
  });
  return { ...inherited, routes };
}

/** Its own chain, or the one of the route above without the receiver that it tells already. */
function escalationOf(raw: RawRoute, parent: RouteConfig): Pick<RouteConfig, 'escalate'> {
  const receiver = (raw.receiver ?? '') === '' ? parent.receiver : raw.receiver;
  const own = raw.escalate?.map(({ after, receiver: name }) => ({ afterMs: after, receiver: name }));
  const steps = own ?? (parent.escalate ?? []).filter((step) => step.receiver !== receiver);
  return steps.length === 0 ? {} : { escalate: [...steps].sort((a, b) => a.afterMs - b.afterMs) };
}

function checkEscalation(raw: RawRoute, route: RouteConfig, place: Place, names: RouteNames, findings: Findings): void {
  const seen = new Set([route.receiver]);
  for (const [index, { receiver }] of (raw.escalate ?? []).entries()) {
    const refuse = (message: string, remedy: string): void => {
      findings.problems.push(problemAt(below(place, 'escalate', index, 'receiver'), message, remedy));
    };
    if (!names.receivers.has(receiver)) {
      refuse(`undefined receiver "${receiver}" used in escalation.`, 'Add it to "receivers", or correct the name.');
    } else if (receiver === route.receiver) {
      refuse(`route escalates to "${receiver}", its own receiver.`, 'Name another receiver; repeat_interval repeats.');
    } else if (seen.has(receiver)) {
      refuse(`route escalates to "${receiver}" twice.`, 'Keep the first; repeat_interval repeats.');
    }
    seen.add(receiver);
  }
}

function checkRoute(raw: RawRoute, place: Place, names: RouteNames, findings: Findings): void {
  const report = (path: readonly (string | number)[], message: string, remedy: string): void => {
    findings.problems.push(problemAt(below(place, ...path), message, remedy));
  };
  const { receiver } = raw;
  if (receiver !== undefined && receiver !== '' && !names.receivers.has(receiver)) {
    report(
      ['receiver'],
      `undefined receiver "${receiver}" used in route.`,
      'Add it to "receivers", or correct the name.',
    );
  }
  const groupBy = raw.group_by ?? [];
  for (const [index, name] of groupBy.entries()) {
    if (groupBy.indexOf(name) !== index)
      report(['group_by', index], `duplicated label "${name}" in group_by.`, 'Remove one.');
    // Grouping is by plain label names, whatever the alerts carry.
    if (name !== '...' && !isLabelName(name, 'legacy')) {
      report(['group_by', index], `invalid label name "${name}" in group_by list.`, 'Use a label name.');
    }
  }
  if (groupBy.includes('...') && groupBy.length > 1) {
    report(
      ['group_by'],
      'cannot have wildcard group_by (`...`) and other labels at the same time.',
      'Keep one of them.',
    );
  }
  for (const name of Object.keys(raw.labels ?? {})) {
    if (!isLabelName(name, 'legacy'))
      report(['labels', name], `invalid label name "${name}" in route labels.`, 'Use a label name.');
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    for (const [index, name] of (raw[key] ?? []).entries()) {
      if (names.timeIntervals.has(name)) continue;
      report([key, index], `undefined time interval "${name}" used in route.`, 'Add it to "time_intervals".');
    }
  }
}

export function readInhibitRule(value: PlainValue, place: Place, findings: Findings): InhibitRuleConfig | null {
  const raw = validate(inhibitRule, value, place, findings);
  if (raw === undefined) return null;
  if (raw.sources !== undefined) {
    findings.warnings.push(
      problemAt(
        below(place, 'sources'),
        '"sources" has no effect yet.',
        'Give one source with "source_matchers".',
        'key',
      ),
    );
  }
  return {
    sourceMatchers: sideOf(raw, 'source', place, findings),
    targetMatchers: sideOf(raw, 'target', place, findings),
    equal: raw.equal ?? [],
  };
}

function sideOf(raw: RawInhibitRule, side: 'source' | 'target', place: Place, findings: Findings): Matcher[] {
  return [
    ...fromMap(raw[`${side}_match`], '='),
    ...fromMap(raw[`${side}_match_re`], '=~'),
    ...fromTexts(raw[`${side}_matchers`], below(place, `${side}_matchers`), findings),
  ];
}

function fromMap(map: Readonly<Record<string, string>> | undefined, operator: '=' | '=~'): Matcher[] {
  return Object.entries(map ?? {}).map(([name, value]) => ({ name, operator, value }));
}

function fromTexts(texts: readonly string[] | undefined, place: Place, findings: Findings): readonly Matcher[] {
  return (texts ?? []).flatMap((text, index) => {
    const reading = parseMatchers(text);
    if (reading.ok) return reading.value;
    const remedy = 'Write it like severity="critical".';
    findings.problems.push(problemAt(below(place, index), `${reading.message}.`, remedy));
    return [];
  });
}

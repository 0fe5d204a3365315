import { formatLabels, labelsFrom, labelsKey, labelValue, METRIC_NAME } from '../../../../../shared/model/labels.ts';
import type { Labels } from '../../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../../shared/model/matcher.ts';
import { partsOf } from '../syntax/expr.ts';
import type { Call, Expr, Shift, VectorSelector } from '../syntax/expr.ts';
import { matcherTest, selectorTest } from '../syntax/matcher-test.ts';
import { mergeColumns, newColumn } from './column.ts';
import type { Column, Sink } from './column.ts';
import { allColumns } from './evaluate.ts';
import { failExecution, frameTime } from './run.ts';
import type { Frame, Run } from './run.ts';
import { eachSelected } from './select.ts';

/** The labels by which a series and the metrics about its target know each other. Source: Prometheus, promql/info.go. */
const IDENTIFYING = ['instance', 'job'] as const;
const DEFAULT_INFO: Matcher = { name: METRIC_NAME, operator: '=', value: 'target_info' };

/**
 * `info`: the series with the labels of the info metrics of their targets. The selector says which metrics those are and
 * which of their labels to take; a series without any stays, unless a label that it must have is missing then.
 */
export async function infoCall({ args }: Call, frame: Frame, run: Run, sink: Sink): Promise<void> {
  const [vector, selector] = args as [Expr, VectorSelector | undefined];
  const held = run.budget.samples;
  const matchers = selector?.matchers ?? [];
  const named = matchers.filter(({ name }) => name === METRIC_NAME);
  const nameMatchers = selector === undefined ? [DEFAULT_INFO] : named;
  const wanted = matchers.filter(({ name }) => name !== METRIC_NAME);
  const columns = await allColumns(vector, frame, run);
  const isNamed = selectorTest(nameMatchers);
  const isInfo = ({ labels }: Column): boolean => nameMatchers.length > 0 && isNamed(labels);
  const enriched = columns.filter((column) => !isInfo(column));
  const shift = firstSelector(vector) ?? { offset: null, at: null };
  const infoMatchers = [...(named.length > 0 ? named : [DEFAULT_INFO]), ...wanted];
  const infos = await selectInfos(enriched, infoMatchers, shift, frame, run);
  const needsMatch = wanted.some((matcher) => !matcherTest(matcher)(''));
  const results = columns.filter(isInfo);
  for (const column of enriched) {
    results.push(...withInfo(column, infos, wanted, needsMatch, frame));
    await run.budget.breathe();
  }
  run.budget.samples = held;
  for (const column of mergeColumns(results)) await sink(column);
}

/** What is joined is looked up when and where the series themselves are. */
function firstSelector(expr: Expr): VectorSelector | null {
  if (expr.kind === 'selector') return expr;
  if (expr.kind === 'matrix') return expr.selector;
  for (const part of partsOf(expr)) {
    const found = firstSelector(part);
    if (found !== null) return found;
  }
  return null;
}

/** Info series by identity and name; each column's values are the times of its samples, in seconds. */
type Infos = ReadonlyMap<string, ReadonlyMap<string, readonly Column[]>>;

async function selectInfos(
  columns: readonly Column[],
  matchers: readonly Matcher[],
  { offset, at }: Shift,
  frame: Frame,
  run: Run,
): Promise<Infos> {
  const identities = new Set(columns.map(({ labels }) => identityOf(labels)).filter((key) => key !== NO_IDENTITY));
  const infos = new Map<string, Map<string, Column[]>>();
  if (identities.size === 0) return infos;
  const selector: VectorSelector = {
    kind: 'selector',
    name: '',
    matchers,
    edge: null,
    offset,
    at,
    span: { start: 0, end: 0 },
  };
  const collect = (column: Column): undefined => {
    const identity = identityOf(column.labels);
    if (!identities.has(identity)) return;
    const byName = infos.get(identity) ?? new Map<string, Column[]>();
    const name = labelValue(column.labels, METRIC_NAME);
    byName.set(name, [...(byName.get(name) ?? []), column]);
    infos.set(identity, byName);
  };
  await eachSelected(selector, frame, run, collect, true);
  return infos;
}

const NO_IDENTITY = JSON.stringify(IDENTIFYING.map(() => ''));

function identityOf(labels: Labels): string {
  return JSON.stringify(IDENTIFYING.map((name) => labelValue(labels, name)));
}

/** The series with other labels at each step at which its info series are others. */
function withInfo(
  column: Column,
  infos: Infos,
  wanted: readonly Matcher[],
  needsMatch: boolean,
  frame: Frame,
): Column[] {
  const byName = infos.get(identityOf(column.labels));
  if (byName === undefined) return needsMatch ? [] : [column];
  const results = new Map<string, Column>();
  for (let step = 0; step < frame.count; step++) {
    if (column.present[step] === 0) continue;
    const found = [...byName.values()].flatMap((candidates) => newestAt(candidates, step, frame) ?? []);
    if (found.length === 0 && needsMatch) continue;
    const labels = joinedLabels(column.labels, found, wanted);
    const key = labelsKey(labels);
    const result = results.get(key) ?? newColumn(labels, frame.count, column.dropsName);
    result.values[step] = column.values[step] as number;
    result.present[step] = 1;
    results.set(key, result);
  }
  return [...results.values()];
}

/** Of the series of one info metric, the one with the newest sample. */
function newestAt(candidates: readonly Column[], step: number, frame: Frame): Column | null {
  let newest: Column | null = null;
  for (const candidate of candidates) {
    if (candidate.present[step] === 0) continue;
    const takenAt = candidate.values[step] as number;
    const knownAt = newest?.values[step] ?? -Infinity;
    if (newest !== null && takenAt === knownAt) {
      const at = String(frameTime(frame, step));
      failExecution(
        `found duplicate series for info metric: existing ${formatLabels(newest.labels)} @ ${at}, ` +
          `new ${formatLabels(candidate.labels)} @ ${at}`,
      );
    }
    if (takenAt > knownAt) newest = candidate;
  }
  return newest;
}

function joinedLabels(base: Labels, infos: readonly Column[], wanted: readonly Matcher[]): Labels {
  const added = new Map<string, string>();
  for (const { labels } of infos) {
    for (let i = 0; i < labels.length; i += 2) {
      const [name, value] = [labels[i] as string, labels[i + 1] as string];
      if (name === METRIC_NAME) continue;
      if (wanted.length > 0 && !wanted.some((matcher) => matcher.name === name)) continue;
      const known = added.get(name);
      if (known !== undefined && known !== value) failExecution(`conflicting label: ${name}`);
      if (labelValue(base, name) === '') added.set(name, value);
    }
  }
  if (added.size === 0) return base;
  for (let i = 0; i < base.length; i += 2) added.set(base[i] as string, base[i + 1] as string);
  return labelsFrom([...added]);
}

import type { CheckRecord, Outage, Uptime } from '../../../shared/contract/services.ts';
import { createResponseSketch } from '../collect/judge/response-sketch.ts';
import type { HistoryState, SketchUnit } from '../collect/judge/check-memory.ts';
import { SKETCH_MS } from '../collect/judge/check-memory.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { CheckHistory, StateDurations } from '../store/state/index.ts';
import { checkId, shownState } from './services-view.ts';

type Parts = Pick<EngineParts, 'checks' | 'state' | 'clock'>;

const DAY_MS = 86_400_000;
/** Percentiles of a day come from hours, so that they cover no more than an hour too much; those of weeks from days. */
const RANGES: readonly { readonly range: Uptime['range']; readonly ms: number; readonly unit: SketchUnit }[] = [
  { range: '24h', ms: DAY_MS, unit: 'hour' },
  { range: '7d', ms: 7 * DAY_MS, unit: 'day' },
  { range: '30d', ms: 30 * DAY_MS, unit: 'day' },
  { range: '90d', ms: 90 * DAY_MS, unit: 'day' },
];
const OUTAGE_STATES: readonly HistoryState[] = ['down', 'unreachable', 'unknown', 'maintenance'];
const MOST_OUTAGES = 100;

/** Uptime of the last 24 h of every check, by name; a check of which nothing is known is absent. */
export function readDayUptimes({ checks, state, clock }: Parts): Map<string, number> {
  checks.flush();
  const now = clock.now();
  const found = new Map<string, number>();
  for (const [name, durations] of state.checkHistory.durations({ fromMs: now - DAY_MS, toMs: now })) {
    const uptime = uptimeOf(durations);
    if (uptime !== null) found.set(name, uptime);
  }
  return found;
}

/** The record of one check: uptime, response times, outages, dependencies. */
export function readCheckRecord({ checks, state, clock }: Parts, name: string): CheckRecord {
  checks.flush();
  const history = state.checkHistory;
  const now = clock.now();
  const all = checks.checks();
  const check = all.find((one) => one.name === name);
  return {
    uptimes: RANGES.map(({ range, ms, unit }) => ({
      range,
      ...totals(history.durationsOf(name, { fromMs: now - ms, toMs: now }), ms),
      ...responses(history, name, unit, now - ms),
    })),
    outages: readOutages(history, name, now, check?.last?.at ?? null),
    changePercent: check?.changePercent ?? 0,
    dependencies: (check?.dependsOn ?? []).flatMap((parent) => {
      const found = all.find((one) => one.name === parent);
      return found === undefined ? [] : [{ id: checkId(found), name: parent, state: shownState(found) }];
    }),
  };
}

/** up ÷ (up + down); what is not known counts for neither. Null while neither is known. */
export function uptimeOf({ up = 0, degraded = 0, down = 0 }: StateDurations): number | null {
  const known = up + degraded + down;
  return known === 0 ? null : (up + degraded) / known;
}

type Totals = Pick<Uptime, 'uptime' | 'upMs' | 'downMs' | 'unknownMs' | 'maintenanceMs' | 'noDataMs'>;

function totals(durations: StateDurations, rangeMs: number): Totals {
  const { up = 0, degraded = 0, down = 0, unreachable = 0, unknown = 0, maintenance = 0 } = durations;
  const watched = up + degraded + down + unreachable + unknown + maintenance;
  return {
    uptime: uptimeOf(durations),
    upMs: up + degraded,
    downMs: down,
    unknownMs: unknown + unreachable,
    maintenanceMs: maintenance,
    noDataMs: Math.max(0, rangeMs - watched),
  };
}

function responses(
  history: CheckHistory,
  name: string,
  unit: SketchUnit,
  fromMs: number,
): Pick<Uptime, 'p50Ms' | 'p95Ms' | 'p99Ms' | 'answers'> {
  const sketch = createResponseSketch();
  const firstSlot = Math.floor(fromMs / SKETCH_MS[unit]) * SKETCH_MS[unit];
  for (const packed of history.sketches(name, unit, firstSlot)) sketch.merge(packed);
  const [p50Ms, p95Ms, p99Ms] = [sketch.quantile(0.5), sketch.quantile(0.95), sketch.quantile(0.99)];
  return { p50Ms, p95Ms, p99Ms, answers: sketch.count() };
}

function readOutages(history: CheckHistory, name: string, now: number, lastAt: number | null): Outage[] {
  const range = { fromMs: now - 90 * DAY_MS, toMs: now };
  return history
    .intervals(name, range, OUTAGE_STATES, MOST_OUTAGES)
    .map(({ state, reason, fromMs, untilMs }, index) => ({
      state: state as Outage['state'],
      from: fromMs,
      until: untilMs,
      // The newest stretch goes on if the last result belongs to it.
      current: index === 0 && untilMs === lastAt,
      reason,
    }));
}

import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Matcher } from '../../../../shared/model/matcher.ts';
import type { MaintenanceConfig } from '../../config/configuration.ts';
import { compileWindow } from './maintenance-window.ts';
import type { MaintenanceTime, MaintenanceWindow } from './maintenance-window.ts';

/** A maintenance that somebody began by hand. Epoch milliseconds. */
export interface ManualMaintenance extends MaintenanceTime {
  readonly id: number;
  /** Why, in the words of who began it. */
  readonly name: string;
  /** Names of checks; with no names and no matchers it holds for all. */
  readonly checks: readonly string[];
  readonly matchers: readonly Matcher[];
}

/** Where maintenance by hand outlives a restart. */
export interface ManualMaintenances {
  /** Those that are not over at a moment, the earliest end first. */
  list(nowMs: number): ManualMaintenance[];
  begin(maintenance: Omit<ManualMaintenance, 'id'>): ManualMaintenance;
  /** End one early; false when none of that number is going on. */
  end(id: number, nowMs: number): boolean;
}

/** A maintenance that is going on. */
export interface ActiveMaintenance extends MaintenanceTime {
  readonly name: string;
  /** The number of one that was begun by hand; null for one of the configuration. */
  readonly id: number | null;
}

/** A window as it is shown: what is going on, and what comes next. */
export interface MaintenanceStatus {
  readonly id: number | null;
  readonly name: string;
  readonly checks: readonly string[];
  readonly matchers: readonly Matcher[];
  readonly active: MaintenanceTime | null;
  readonly next: MaintenanceTime | null;
}

/** Knows which checks are expected to fail, and until when. */
export interface Maintenance {
  /** What covers a check at a moment, in epoch milliseconds; of several, what lasts longest. */
  at(check: { readonly name: string; readonly labels: LabelRecord }, ms: number): ActiveMaintenance | null;
  list(nowMs: number): MaintenanceStatus[];
  begin(maintenance: Omit<ManualMaintenance, 'id'>): ManualMaintenance;
  end(id: number, nowMs: number): boolean;
  update(windows: readonly MaintenanceConfig[]): void;
}

interface Known {
  readonly config: MaintenanceConfig;
  readonly id: number | null;
  readonly window: MaintenanceWindow;
}

export function createMaintenance(
  configured: readonly MaintenanceConfig[],
  manual: ManualMaintenances,
  onChange: () => void,
): Maintenance {
  let fromFile = configured.map((config) => known(config, null));
  let byHand: Known[] | null = null;
  /** Which windows are active in one second: a thousand checks ask for the same one. */
  let looked: { readonly second: number; readonly active: readonly (readonly [Known, MaintenanceTime])[] } | null =
    null;

  const all = (ms: number): readonly Known[] => {
    byHand ??= manual.list(ms).map((one) => known({ ...one, times: { kind: 'once', ...one } }, one.id));
    return [...fromFile, ...byHand];
  };
  const activeAt = (ms: number): readonly (readonly [Known, MaintenanceTime])[] => {
    const second = Math.floor(ms / 1000);
    if (looked?.second === second) return looked.active;
    const active = all(ms).flatMap((one) => {
      const time = one.window.activeAt(ms);
      return time === null ? [] : [[one, time] as const];
    });
    looked = { second, active };
    return active;
  };
  const forget = (): void => {
    byHand = null;
    looked = null;
    onChange();
  };

  return {
    at(check, ms) {
      let longest: ActiveMaintenance | null = null;
      for (const [{ id, window }, time] of activeAt(ms)) {
        if (time.untilMs <= (longest?.untilMs ?? ms) || !window.covers(check)) continue;
        longest = { ...time, id, name: window.name };
      }
      return longest;
    },
    list: (nowMs) =>
      all(nowMs).flatMap(({ config, id, window }) => {
        const status = { id, name: config.name, checks: config.checks, matchers: config.matchers };
        const [active, next] = [window.activeAt(nowMs), window.nextAfter(nowMs)];
        return active === null && next === null ? [] : [{ ...status, active, next }];
      }),
    begin(maintenance) {
      const begun = manual.begin(maintenance);
      forget();
      return begun;
    },
    end(id, nowMs) {
      const isEnded = manual.end(id, nowMs);
      if (isEnded) forget();
      return isEnded;
    },
    update(windows) {
      fromFile = windows.map((config) => known(config, null));
      looked = null;
    },
  };
}

function known(config: MaintenanceConfig, id: number | null): Known {
  return { config, id, window: compileWindow(config) };
}

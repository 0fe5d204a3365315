import type { LogEntry, LogLevel } from '../../../shared/contract/logs.ts';
import { errorText } from '../../api/error-text.ts';
import { useApp } from '../../app/app-context.ts';
import { usePreferences } from '../../app/use-preferences.ts';
import { useText } from '../../i18n/use-text.ts';
import type { Shortcut } from '../../keys/shortcut-registry.ts';
import { useShortcuts } from '../../keys/use-shortcuts.ts';
import type { Preferences } from '../../../shared/model/preferences.ts';
import type { Direction } from './feed/search-chunk.ts';
import type { LogFeed } from './feed/log-feed.ts';
import { ERROR_LEVELS } from './levels.ts';
import { indexOfEntry } from './list/log-window.ts';
import type { LogView } from './list/log-view.ts';

const DENSITIES: readonly Preferences['density'][] = ['compact', 'normal', 'roomy'];

export interface LogKeyActions {
  readonly feed: LogFeed;
  readonly view: () => LogView | null;
  readonly selected: LogEntry | null;
  readonly marked: readonly LogEntry[];
  readonly onSelect: (entry: LogEntry, open: boolean) => void;
  readonly onContext: () => void;
  readonly onWrap: () => void;
  readonly onMark: () => void;
}

/** The keys of the log page that act on the list. */
export function useLogKeys(actions: LogKeyActions): void {
  const t = useText();
  const { toasts } = useApp();
  const { preferences, change } = usePreferences();
  const { feed, view, onSelect } = actions;

  const show = (entry: LogEntry): void => {
    const index = indexOfEntry(feed.store.getState().window, entry.id);
    if (index >= 0) view()?.showIndex(index);
    else void feed.openLine(entry.id);
    onSelect(entry, false);
  };
  const seek = async (levels: readonly LogLevel[], direction: Direction): Promise<void> => {
    const current = view()?.current(direction);
    if (current === undefined) return;
    try {
      const found = await feed.seek(levels, direction, current);
      if (found === 'none') toasts.show({ tone: 'info', text: t('logs.noFurther') });
      else if (found !== 'busy') show(found);
    } catch (error) {
      toasts.show({ tone: 'bad', text: errorText(error, t) });
    }
  };
  const toMark = (direction: Direction): void => {
    const at = actions.selected?.at ?? (direction === 'forward' ? -Infinity : Infinity);
    const sorted = actions.marked.toSorted((a, b) => a.at - b.at);
    const next =
      direction === 'forward' ? sorted.find((entry) => entry.at > at) : sorted.findLast((entry) => entry.at < at);
    if (next !== undefined) show(next);
    else toasts.show({ tone: 'info', text: t('logs.noFurther') });
  };
  const density = (step: number): void => {
    const next = DENSITIES[DENSITIES.indexOf(preferences.density) + step];
    if (next !== undefined) change({ density: next });
  };
  const toEnd = (): void => {
    if (feed.store.getState().window.newerCursor === null) view()?.toEnd();
    else void feed.openEnd();
  };
  const toStart = (): void => {
    if (feed.store.getState().window.olderCursor === null) view()?.toStart();
    else void feed.openStart();
  };
  const keys: readonly (readonly [string, Shortcut['label'], () => void])[] = [
    ['j', 'keys.next', () => view()?.move(1)],
    ['k', 'keys.previous', () => view()?.move(-1)],
    ['n', 'keys.logNextMatch', () => view()?.move(1)],
    ['N', 'keys.logPreviousMatch', () => view()?.move(-1)],
    ['e', 'keys.logNextError', () => void seek(ERROR_LEVELS, 'forward')],
    ['E', 'keys.logPreviousError', () => void seek(ERROR_LEVELS, 'backward')],
    ['w', 'keys.logNextWarning', () => void seek(['warn'], 'forward')],
    ['W', 'keys.logPreviousWarning', () => void seek(['warn'], 'backward')],
    ['G', 'keys.logEnd', toEnd],
    ['end', 'keys.logEnd', toEnd],
    ['g g', 'keys.logStart', toStart],
    ['home', 'keys.logStart', toStart],
    ['c', 'keys.logContext', actions.onContext],
    ['p', 'keys.logWrap', actions.onWrap],
    ['m', 'keys.logMark', actions.onMark],
    [
      'b',
      'keys.logNextMark',
      () => {
        toMark('forward');
      },
    ],
    [
      'B',
      'keys.logPreviousMark',
      () => {
        toMark('backward');
      },
    ],
    [
      '+',
      'keys.logLooser',
      () => {
        density(1);
      },
    ],
    [
      '-',
      'keys.logDenser',
      () => {
        density(-1);
      },
    ],
  ];
  useShortcuts([
    ...keys.map(([stroke, label, run]): Shortcut => ({
      id: `logs.${stroke}`,
      keys: stroke,
      label,
      group: 'keys.groupList',
      run: () => {
        run();
      },
    })),
    {
      id: 'logs.open',
      keys: 'enter',
      label: 'keys.open',
      group: 'keys.groupList',
      when: () => actions.selected !== null,
      run: () => {
        if (actions.selected !== null) onSelect(actions.selected, true);
      },
    },
  ]);
}

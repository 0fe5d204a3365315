import { useRef, useState, type KeyboardEvent, type PointerEvent } from 'react';
import { useStore } from 'zustand';
import type { LogLevel } from '../../../../shared/contract/logs.ts';
import { useApp } from '../../../app/app-context.ts';
import { timeTicks } from '../../../chart/ticks.ts';
import { useFormat } from '../../../format/use-format.ts';
import { useText } from '../../../i18n/use-text.ts';
import { rangeOf, zoomOut, type TimeSpan } from '../../../range/time-range.ts';
import { useRangeControl } from '../../../range/use-time-range.ts';
import { useElementWidth } from '../../../ui/use-element-width.ts';
import { LEVEL_WORDS, LEVELS } from '../levels.ts';
import { barPaths } from './bars.ts';
import { bucketTotals, totalOf, type LogCounts } from './counts.ts';
import styles from './Histogram.module.css';

const HEIGHT = 76;
const OWNER = 'log-histogram';
/** A drag shorter than this is a click. */
const DRAG_PX = 5;

/** How many lines there were and when, by level. A drag sets the range; with the keyboard Shift and arrows, then Enter. */
export function Histogram({ counts, levels }: { counts: LogCounts; levels: readonly LogLevel[] }) {
  const t = useText();
  const format = useFormat();
  const { crosshair } = useApp();
  const { setRange } = useRangeControl();
  const [box, setBox] = useState<HTMLElement | null>(null);
  const width = useElementWidth(box);
  const pressed = useRef<{ readonly x: number; readonly at: number } | null>(null);
  const [selection, setSelection] = useState<TimeSpan | null>(null);
  const at = useStore(crosshair, (state) => state.at);
  const start = counts.starts[0] ?? 0;
  const end = (counts.starts.at(-1) ?? start) + counts.bucketMs;
  const toX = (time: number): number => ((time - start) / Math.max(1, end - start)) * width;
  const timeAt = (event: PointerEvent): number => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - left) / Math.max(1, width)));
    return start + share * (end - start);
  };
  const apply = (span: TimeSpan): void => {
    setSelection(null);
    crosshair.setState({ at: null, owner: null });
    setRange(rangeOf(span));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const from = at ?? end - counts.bucketMs / 2;
    if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') {
      const step = event.key === 'ArrowLeft' ? -counts.bucketMs : counts.bucketMs;
      const next = Math.min(end, Math.max(start, from + step));
      crosshair.setState({ at: next, owner: OWNER });
      if (event.shiftKey) {
        const anchor = pressed.current?.at ?? from;
        pressed.current = { x: 0, at: anchor };
        setSelection({ start: Math.min(anchor, next), end: Math.max(anchor, next) });
      } else {
        pressed.current = null;
        setSelection(null);
      }
    } else if (event.key === 'Enter' && selection !== null) {
      pressed.current = null;
      apply(selection);
    } else if (event.key === 'Escape' && selection !== null) {
      pressed.current = null;
      setSelection(null);
    } else return;
    event.preventDefault();
  };
  return (
    <div className={styles.histogram}>
      <div
        ref={setBox}
        className={styles.plot}
        role="img"
        tabIndex={0}
        aria-label={describe()}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          pressed.current = { x: event.clientX, at: timeAt(event) };
          event.currentTarget.setPointerCapture(event.pointerId);
        }}
        onPointerMove={(event) => {
          const time = timeAt(event);
          crosshair.setState({ at: time, owner: OWNER });
          const from = pressed.current;
          if (from === null || Math.abs(event.clientX - from.x) < DRAG_PX) return;
          setSelection({ start: Math.min(from.at, time), end: Math.max(from.at, time) });
        }}
        onPointerUp={() => {
          pressed.current = null;
          if (selection !== null && selection.end - selection.start >= 1000) apply(selection);
          else setSelection(null);
        }}
        onPointerLeave={() => {
          if (pressed.current === null) crosshair.setState({ at: null, owner: null });
        }}
        onDoubleClick={() => {
          setRange(rangeOf(zoomOut({ start, end }, Date.now())));
        }}
        onKeyDown={onKeyDown}
        onBlur={() => {
          crosshair.setState({ at: null, owner: null });
        }}
      >
        <svg width={width} height={HEIGHT} className={styles.bars} aria-hidden="true">
          {barPaths(counts, levels, { width, height: HEIGHT - 4 }).map(({ level, path }) => (
            <path key={level} data-level={level} d={path} transform="translate(0 4)" />
          ))}
          {selection !== null && (
            <rect
              className={styles.selection}
              x={toX(selection.start)}
              width={toX(selection.end) - toX(selection.start)}
              y={0}
              height={HEIGHT}
            />
          )}
          {at !== null && at >= start && at <= end && (
            <path className={styles.crosshair} d={`M${String(Math.round(toX(at)) + 0.5)} 0v${String(HEIGHT)}`} />
          )}
        </svg>
        <Hint counts={counts} levels={levels} width={width} />
      </div>
      <div className={styles.axis} aria-hidden="true">
        {width > 0 &&
          timeTicks(start, end, Math.max(2, Math.floor(width / 110)), format.locale)
            .filter(({ value }) => toX(value) > 24 && toX(value) < width - 24)
            .map(({ value, label }) => (
              <span key={value} style={{ left: toX(value) }}>
                {label}
              </span>
            ))}
      </div>
    </div>
  );

  function describe(): string {
    const words = LEVELS.filter((level) => totalOf(counts, [level]) > 0)
      .map((level) => `${t(LEVEL_WORDS[level])} ${format.count(totalOf(counts, [level]))}`)
      .join(', ');
    return t('logs.histogramOf', { from: format.dateTime(start), to: format.dateTime(end), words });
  }
}

/** What lies under the pointer, in words. */
function Hint({ counts, levels, width }: { counts: LogCounts; levels: readonly LogLevel[]; width: number }) {
  const t = useText();
  const format = useFormat();
  const at = useStore(useApp().crosshair, (state) => (state.owner === OWNER ? state.at : null));
  const start = counts.starts[0] ?? 0;
  if (at === null || counts.bucketMs === 0) return null;
  const bucket = Math.min(counts.starts.length - 1, Math.floor((at - start) / counts.bucketMs));
  const chosen = (levels.length === 0 ? LEVELS : levels).filter((level) => (counts.counts[level]?.[bucket] ?? 0) > 0);
  const x = ((at - start) / (counts.bucketMs * counts.starts.length)) * width;
  const side = x > width / 2 ? { right: width - x + 10 } : { left: x + 10 };
  return (
    <div className={styles.hint} style={side}>
      <span className="muted">
        {format.clock(counts.starts[bucket])} · {format.duration(counts.bucketMs)}
      </span>
      {chosen.length === 0 && <span>{t('logs.noLinesThen')}</span>}
      {chosen.map((level) => (
        <span key={level}>
          {t(LEVEL_WORDS[level])} <b>{format.count(counts.counts[level]?.[bucket])}</b>
        </span>
      ))}
      {chosen.length > 1 && <span className="muted">Σ {format.count(bucketTotals(counts, levels)[bucket])}</span>}
    </div>
  );
}

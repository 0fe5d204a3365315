import type { State } from '../../shared/model/state.ts';
import { useText } from '../i18n/use-text.ts';
import type { MessageKey } from '../i18n/en.ts';
import styles from './StateMark.module.css';

export type Mark = State | 'critical' | 'warning' | 'info';

const WORDS: Readonly<Record<Mark, MessageKey>> = {
  up: 'state.up',
  degraded: 'state.degraded',
  down: 'state.down',
  unknown: 'state.unknown',
  maintenance: 'state.maintenance',
  paused: 'state.paused',
  critical: 'severity.critical',
  warning: 'severity.warning',
  info: 'severity.info',
};

/** The word for a state. */
export function stateWord(mark: Mark): MessageKey {
  return WORDS[mark];
}

/**
 * The shape and the colour of a state: circle up, triangle degraded, square down, dashed ring unknown, diamond
 * maintenance, bars paused.
 * With `word` the word stands beside it; without, it is there for screen readers and on hover.
 */
export function StateMark({ state, word = false, size = 12 }: { state: Mark; word?: boolean; size?: number }) {
  const t = useText();
  const text = t(WORDS[state]);
  return (
    <span className={styles.mark} data-state={state} title={word ? undefined : text}>
      <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
        <StateShape state={state} />
      </svg>
      <span className={word ? undefined : 'visually-hidden'}>{text}</span>
    </span>
  );
}

function StateShape({ state }: { state: Mark }) {
  switch (state) {
    case 'up':
      return <circle cx="6" cy="6" r="4.5" fill="currentColor" />;
    case 'degraded':
    case 'warning':
      return <path d="M6 1 11.4 10.8H.6z" fill="currentColor" />;
    case 'down':
    case 'critical':
      return <rect x="1.25" y="1.25" width="9.5" height="9.5" fill="currentColor" />;
    case 'info':
      return <path d="M6 .8 11.2 6 6 11.2.8 6z" fill="none" stroke="currentColor" strokeWidth="1.6" />;
    case 'unknown':
      return (
        <circle cx="6" cy="6" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.8" strokeDasharray="2.4 2.3" />
      );
    case 'maintenance':
      return <path d="M6 .6 11.4 6 6 11.4.6 6z" fill="currentColor" />;
    case 'paused':
      return <path d="M2.5 1.5h2.6v9H2.5zM6.9 1.5h2.6v9H6.9z" fill="currentColor" />;
  }
}

import type { Beat } from '../../shared/contract/services.ts';
import type { State } from '../../shared/model/state.ts';
import { useText } from '../i18n/use-text.ts';
import styles from './HeartbeatBar.module.css';

const BEATS = 40;
const PITCH = 4;
const HEIGHT = 16;

/** How high a beat stands: the worse, the higher, so that the colour is not alone. */
const HEIGHTS: Readonly<Record<State, number>> = {
  up: 9,
  degraded: 12,
  down: 16,
  unknown: 4,
  maintenance: 6,
  paused: 4,
};

/** The last 40 looks at a service, newest right; one path per state, so that a thousand rows stay cheap. */
export function HeartbeatBar({ beats, wide = false }: { beats: readonly Beat[]; wide?: boolean }) {
  const t = useText();
  const paths = new Map<State, string>();
  const shown = beats.slice(-BEATS);
  const offset = BEATS - shown.length;
  shown.forEach(({ state }, index) => {
    const height = HEIGHTS[state];
    const x = (offset + index) * PITCH;
    const rect = `M${String(x)} ${String(HEIGHT - height)}h3v${String(height)}h-3z`;
    paths.set(state, (paths.get(state) ?? '') + rect);
  });
  const bad = shown.filter(({ state }) => state === 'down').length;
  const slow = shown.filter(({ state }) => state === 'degraded').length;
  const label = t('services.beats', { count: shown.length, down: bad, degraded: slow });
  return (
    <svg
      className={styles.bar}
      data-wide={wide}
      viewBox={`0 0 ${String(BEATS * PITCH)} ${String(HEIGHT)}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {[...paths].map(([state, path]) => (
        <path key={state} d={path} data-state={state} />
      ))}
    </svg>
  );
}

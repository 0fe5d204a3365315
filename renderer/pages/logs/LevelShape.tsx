import type { LogLevel } from '../../../shared/contract/logs.ts';
import { LEVEL_SHAPES } from './levels.ts';

/** The shape of a level; its colour comes from what stands around it. */
export function LevelShape({ level, size = 10 }: { level: LogLevel; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" focusable="false">
      <path d={LEVEL_SHAPES[level]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}

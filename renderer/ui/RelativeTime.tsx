import { useEffect, useState } from 'react';
import { useFormat } from '../format/use-format.ts';

/** "12 s ago", kept true while it is in view, with date and time on hover. */
export function RelativeTime({ at }: { at: number | null }) {
  const format = useFormat();
  const now = useNow(5000);
  if (at === null) return <span>{format.relative(at, now)}</span>;
  return (
    <time dateTime={new Date(at).toISOString()} title={format.dateTime(at)}>
      {format.relative(Math.min(at, now), now)}
    </time>
  );
}

/** The time of day as a state that moves in steps of `intervalMs`. */
export function useNow(intervalMs: number): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => {
      if (!document.hidden) setNow(Date.now());
    }, intervalMs);
    return () => {
      clearInterval(timer);
    };
  }, [intervalMs]);
  return now;
}

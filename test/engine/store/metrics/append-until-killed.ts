/**
 * Run as a child process by kill.test.ts: appends to the database named by its first argument, as fast as it can, and writes
 * the number of the last step that each commit made safe, a line each. Ends only by being killed.
 */
import { writeSync } from 'node:fs';
import { systemClock } from '../../../../electron/engine/schedule/clock.ts';
import { openMetricStore } from '../../../../electron/engine/store/metrics/index.ts';
import { series, START_MS, STEP_MS } from './fixture.ts';

const store = openMetricStore({
  file: process.argv[2] ?? '',
  log: (level, message) => writeSync(2, `${level} ${message}\n`),
  clock: systemClock,
  retention: { maxAgeMs: Infinity, maxSizeBytes: Infinity },
});
const firstStep = Number(process.argv[3]);
const refs = Array.from({ length: 100 }, (_, n) => store.ref(series('m', { n: String(n), instance: String(n % 3) })));
for (let step = firstStep; ; step++) {
  for (const [n, ref] of refs.entries()) {
    if ((step + n) % 50 === 0) store.appendStale(ref, START_MS + step * STEP_MS);
    else store.append(ref, START_MS + step * STEP_MS, step * n);
  }
  if (step % 3 === 0) {
    store.commit();
    writeSync(1, `${String(step)}\n`);
  }
}

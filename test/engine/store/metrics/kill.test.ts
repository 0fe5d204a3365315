import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { labelValue } from '../../../../shared/model/labels.ts';
import { bitsOf, isStaleAt } from '../../../../shared/model/stale-marker.ts';
import { EVERYTHING, START_MS, STEP_MS, storeFolder } from './fixture.ts';

/** Start the child, let it commit for a while, kill it without warning; resolves to the last step that it said was safe. */
async function appendUntilKilled(file: string, firstStep: number, commits: number): Promise<number> {
  const program = fileURLToPath(new URL('append-until-killed.ts', import.meta.url));
  const child = spawn(process.execPath, [program, file, String(firstStep)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exit = once(child, 'exit');
  let lastStep = -1;
  let seen = 0;
  for await (const line of createInterface({ input: child.stdout })) {
    lastStep = Number(line);
    if (++seen === commits) child.kill('SIGKILL');
  }
  const [, signal] = (await exit) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return lastStep;
}

it('has everything that was committed after the process is killed, again and again', async () => {
  const folder = storeFolder();
  try {
    let firstStep = 0;
    for (const commits of [5, 40, 300, 90]) {
      const safeStep = await appendUntilKilled(folder.file, firstStep, commits);
      expect(safeStep).toBeGreaterThan(firstStep);
      const store = folder.open();
      const selected = store.select(EVERYTHING, -Infinity, Infinity);
      expect(selected.length).toBe(100);
      const lengths = new Set(selected.map(({ timestamps }) => timestamps.length));
      expect(lengths.size).toBe(1); // a batch is there for all of its series or for none
      for (const { labels, timestamps, values } of selected) {
        const n = Number(labelValue(labels, 'n'));
        const bits = bitsOf(values);
        const wrong = Array.from(timestamps).findIndex((time, step) => {
          if (time !== START_MS + step * STEP_MS) return true;
          return (step + n) % 50 === 0 ? !isStaleAt(bits, step) : values[step] !== step * n;
        });
        expect(wrong).toBe(-1);
        expect(timestamps.length).toBeGreaterThan(safeStep);
      }
      firstStep = selected[0]?.timestamps.length ?? 0;
      expect(store.setAside).toBeNull();
      store.close();
    }
  } finally {
    folder.remove();
  }
}, 60_000);

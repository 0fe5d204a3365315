import type { CheckMemory, RememberedStanding } from '../../electron/engine/collect/judge/check-memory.ts';
import type { ChecksOptions } from '../../electron/engine/collect/probe/index.ts';

/** A memory of checks that lasts as long as the test. */
export function createTestMemory(standings: readonly RememberedStanding[] = []): CheckMemory {
  const kept = new Map(standings.map((one) => [one.check, one]));
  const sketches = new Map<string, Uint8Array>();
  const key = ({ check, unit, startMs }: { check: string; unit: string; startMs: number }): string =>
    `${unit} ${String(startMs)} ${check}`;
  return {
    standings: () => [...kept.values()],
    sketch: (slot) => sketches.get(key(slot)) ?? null,
    save(changes) {
      for (const one of changes.standings) kept.set(one.check, one);
      for (const one of changes.sketches) sketches.set(key(one), one.packed);
    },
  };
}

/** What checks are judged with: a network that works, no maintenance, and nothing remembered. */
export function calmPorts(): Pick<ChecksOptions, 'memory' | 'maintenance' | 'network'> {
  return {
    memory: createTestMemory(),
    maintenance: { at: () => null },
    network: { note: () => undefined, isToBlame: () => Promise.resolve(false) },
  };
}

import { powerMonitor } from 'electron';

/** Tell the engine when the machine sleeps and wakes: what lies between is no data, never an outage. */
export function followPower(engine: { suspend(): void; resume(): void }): void {
  powerMonitor.on('suspend', () => {
    engine.suspend();
  });
  powerMonitor.on('resume', () => {
    engine.resume();
  });
}

import { app, powerMonitor } from 'electron';

/**
 * Tell the engine when the machine sleeps and wakes: what lies between is no data, never an outage. A machine that is
 * being shut down waits until the application has quit in order (Linux and macOS).
 */
export function followPower(engine: { suspend(): void; resume(): void }): void {
  powerMonitor.on('suspend', () => {
    engine.suspend();
  });
  powerMonitor.on('resume', () => {
    engine.resume();
  });
  powerMonitor.on('shutdown', (event?: { preventDefault(): void }) => {
    event?.preventDefault();
    app.quit();
  });
}

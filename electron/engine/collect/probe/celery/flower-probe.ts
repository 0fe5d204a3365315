import type { FlowerCheckConfig } from '../../../config/index.ts';
import type { CreateProbe } from '../probe.ts';
import { runService, worstOf } from '../run-service.ts';
import { judgeWorkers } from './flower-workers.ts';

/** Asks Flower how it is and which Celery workers answer it. */
export const createFlowerProbe: CreateProbe<FlowerCheckConfig> = (config, timeoutMs, ports) => {
  const setting = {
    clock: ports.clock,
    address: new URL(config.url).host,
    timeoutMs,
    thresholds: config.thresholds,
  };
  return {
    run: (signal) =>
      runService(setting, signal, async (run) => worstOf(await judgeWorkers(config, config.workers, run, ports))),
  };
};

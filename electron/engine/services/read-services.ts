import type { Service } from '../../../shared/contract/services.ts';
import type { TargetStatus } from '../collect/scrape/index.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { ServiceHistories } from './service-history.ts';
import { readDayUptimes } from './check-record.ts';
import { serviceOfCheck, serviceOfTarget, sortServices } from './services-view.ts';

export interface Watched {
  readonly targets: readonly TargetStatus[];
  readonly histories: ServiceHistories;
}

/** The scrape targets with what the store remembers of them. */
export async function readWatched({ metrics }: Pick<EngineParts, 'metrics'>): Promise<Watched> {
  return metrics().watched();
}

/** Everything that is watched, worst first. */
export async function readServices(
  parts: Pick<EngineParts, 'metrics' | 'checks' | 'pause' | 'state' | 'clock'>,
): Promise<Service[]> {
  const { targets, histories } = await readWatched(parts);
  const isPaused = parts.pause.isPaused();
  const uptimes = readDayUptimes(parts);
  return sortServices([
    ...targets.map((target) => serviceOfTarget(target, histories, isPaused)),
    ...parts.checks.checks().map((check) => serviceOfCheck(check, uptimes, isPaused)),
  ]);
}

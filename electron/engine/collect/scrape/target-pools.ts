import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ScrapeConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import { createTargetBuilder } from './build-targets.ts';
import type { BuiltTargets, ScrapeTarget, TargetBuilder } from './build-targets.ts';
import type { TargetGroup } from '../targets/index.ts';

/** What relabelling dropped of one job. */
export interface DroppedTargets {
  readonly scrapePool: string;
  /** Some or all of them. */
  readonly discoveredLabels: readonly LabelRecord[];
  readonly count: number;
}

/** The targets of each job, kept until something about the job changes. */
export interface TargetPools {
  /** Take new configurations. */
  configure(configs: readonly ScrapeConfig[]): void;
  /** The targets of a job have to be built anew. */
  mark(jobName: string): void;
  /** All targets of all jobs. */
  build(): readonly ScrapeTarget[];
  jobs(): readonly string[];
  dropped(): readonly DroppedTargets[];
  /** Why nothing of a job is scraped; null when nothing forbids it. */
  blocked(jobName: string): string | null;
}

interface Pool {
  readonly config: ScrapeConfig;
  readonly builder: TargetBuilder;
  built: BuiltTargets | null;
}

export function createTargetPools(found: (jobName: string) => readonly TargetGroup[], log: Log): TargetPools {
  let pools = new Map<string, Pool>();
  const complaints = new Map<string, string>();

  function built(pool: Pool): BuiltTargets {
    const { config } = pool;
    if (pool.built !== null) return pool.built;
    pool.built = pool.builder(found(config.jobName));
    const complaint = [...pool.built.problems, blocked(config.jobName) ?? ''].join('\n').trim();
    if (complaint !== (complaints.get(config.jobName) ?? '')) {
      complaints.set(config.jobName, complaint);
      for (const line of complaint === '' ? [] : complaint.split('\n')) log('error', line);
    }
    return pool.built;
  }

  function blocked(jobName: string): string | null {
    const pool = pools.get(jobName);
    if (pool === undefined || pool.built === null || pool.config.targetLimit === 0) return null;
    const count = pool.built.targets.length;
    if (count <= pool.config.targetLimit) return null;
    const limit = String(pool.config.targetLimit);
    return `Job "${jobName}" has ${String(count)} targets, over the limit of ${limit} (target_limit); none of them is scraped.`;
  }

  return {
    configure(configs) {
      pools = new Map(
        configs.map((config) => {
          const before = pools.get(config.jobName);
          return [
            config.jobName,
            before?.config === config ? before : { config, builder: createTargetBuilder(config), built: null },
          ];
        }),
      );
    },
    mark(jobName) {
      const pool = pools.get(jobName);
      if (pool !== undefined) pool.built = null;
    },
    build: () => [...pools.values()].flatMap((pool) => built(pool).targets),
    jobs: () => [...pools.keys()],
    dropped: () =>
      [...pools.values()].map((pool) => ({
        scrapePool: pool.config.jobName,
        discoveredLabels: built(pool).dropped,
        count: built(pool).droppedCount,
      })),
    blocked,
  };
}

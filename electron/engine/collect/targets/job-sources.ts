import type { ScrapeConfig } from '../../config/configuration.ts';
import { packSecrets } from '../../config/secret.ts';
import { startSource } from './start-source.ts';
import type { SourcePorts, SourceStatus, TargetGroup, TargetSource } from './target-source.ts';

/** How a discovery of a job goes. */
export interface DiscoveryStatus extends SourceStatus {
  readonly jobName: string;
}

/** The discoveries of all jobs. */
export interface JobSources {
  /** What the discoveries of a job found. */
  groups(jobName: string): readonly TargetGroup[];
  status(): readonly DiscoveryStatus[];
  /** Take new configurations: an unchanged discovery goes on with what it found. */
  update(configs: readonly ScrapeConfig[]): void;
  stop(): void;
}

interface Running {
  readonly jobName: string;
  readonly source: TargetSource;
  /** What the discovery that it replaces had found; it counts until the new one has an answer. */
  readonly inherited: TargetGroup[];
}

function groupsOf({ source, inherited }: Running): readonly TargetGroup[] {
  return source.status().lastSuccessAt === null ? [...inherited, ...source.groups()] : source.groups();
}

/** @param onChange called when a discovery of the job found something else than before */
export function createJobSources(ports: SourcePorts, onChange: (jobName: string) => void): JobSources {
  /** By job and configuration. */
  let running = new Map<string, Running>();

  return {
    groups: (jobName) => [...running.values()].flatMap((one) => (one.jobName === jobName ? groupsOf(one) : [])),
    status: () => [...running.values()].map(({ jobName, source }) => ({ jobName, ...source.status() })),
    update(configs) {
      const next = new Map<string, Running>();
      for (const { jobName, discoveries } of configs) {
        for (const config of discoveries) {
          // Never shown: with the secrets that are in it.
          const key = JSON.stringify([jobName, packSecrets(config)]);
          if (next.has(key)) continue;
          const options = { ...ports, jobName, onChange: () => onChange(jobName) };
          next.set(key, running.get(key) ?? { jobName, source: startSource(config, options), inherited: [] });
        }
      }
      for (const [key, old] of running) {
        if (next.has(key)) continue;
        const heir = [...next].find(
          ([newKey, one]) =>
            !running.has(newKey) &&
            one.jobName === old.jobName &&
            one.source.status().kind === old.source.status().kind,
        );
        heir?.[1].inherited.push(...groupsOf(old));
        old.source.stop();
      }
      running = next;
    },
    stop() {
      for (const { source } of running.values()) source.stop();
      running = new Map();
    },
  };
}

import type { DiscoveryConfig } from '../../config/discovery-config.ts';
import { startDnsSource } from './dns-source.ts';
import { startDockerSource } from './docker-source.ts';
import { startFileSource } from './file-source.ts';
import { startHttpSource } from './http-source.ts';
import type { SourceOptions, TargetSource } from './target-source.ts';

/** Begin to look for targets; the first look begins at once. */
export function startSource(config: DiscoveryConfig, options: SourceOptions): TargetSource {
  switch (config.kind) {
    case 'file':
      return startFileSource(config, options);
    case 'http':
      return startHttpSource(config, options);
    case 'dns':
      return startDnsSource(config, options);
    case 'docker':
      return startDockerSource(config, options);
  }
}

export { createJobSources } from './job-sources.ts';
export type { DiscoveryStatus, JobSources } from './job-sources.ts';
export type { SourcePorts, TargetGroup } from './target-source.ts';

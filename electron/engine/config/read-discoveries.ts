import type { DiscoveryConfig } from './discovery-config.ts';
import { resolveBeside } from './file-pattern.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';
import { readHttpClient } from './read-http-client.ts';
import type { RawDiscoveries } from './schema/scrape-schema.ts';

/** Source: Prometheus, discovery/file, `patFileSDName`. */
const FILE_PATTERN = /^[^*]*(?:\*[^/]*)?\.(?:json|yml|yaml|JSON|YML|YAML)$/;
/** Source of the intervals and ports: Prometheus manual, `<file_sd_config>` and the others. */
const REFRESH_MS = { file: 300_000, http: 60_000, dns: 30_000, docker: 60_000 };
const DOCKER_PORT = 80;

/** Where the targets of a job come from, in the order of the kinds. */
export function readDiscoveries(
  raw: RawDiscoveries,
  place: Place,
  directory: string,
  findings: Findings,
): DiscoveryConfig[] {
  const files = (raw.file_sd_configs ?? []).map((entry, index): DiscoveryConfig => {
    for (const [position, pattern] of entry.files.entries()) {
      if (FILE_PATTERN.test(pattern)) continue;
      const at = below(place, 'file_sd_configs', index, 'files', position);
      const message = `"${pattern}" names no JSON or YAML files.`;
      findings.problems.push(problemAt(at, message, 'End it with .json, .yml or .yaml; * only in the file name.'));
    }
    return {
      kind: 'file',
      files: entry.files.map((pattern) => resolveBeside(directory, pattern)),
      refreshIntervalMs: entry.refresh_interval ?? REFRESH_MS.file,
    };
  });
  const http = (raw.http_sd_configs ?? []).map((entry, index): DiscoveryConfig => {
    const at = below(place, 'http_sd_configs', index);
    return {
      kind: 'http',
      url: entry.url,
      refreshIntervalMs: entry.refresh_interval ?? REFRESH_MS.http,
      client: readHttpClient(entry, at, directory, findings),
    };
  });
  const dns = (raw.dns_sd_configs ?? []).map((entry, index): DiscoveryConfig => {
    const at = below(place, 'dns_sd_configs', index);
    const recordType = (entry.type ?? 'SRV').toUpperCase() as 'A' | 'AAAA' | 'MX' | 'NS' | 'SRV';
    if (recordType !== 'SRV' && entry.port === undefined) {
      const message = `Records of type ${recordType} have no port, and none is given.`;
      findings.problems.push(problemAt(at, message, 'Add "port".'));
    }
    return {
      kind: 'dns',
      names: entry.names,
      recordType,
      port: entry.port ?? 0,
      refreshIntervalMs: entry.refresh_interval ?? REFRESH_MS.dns,
    };
  });
  const docker = (raw.docker_sd_configs ?? []).map((entry, index): DiscoveryConfig => {
    const at = below(place, 'docker_sd_configs', index);
    return {
      kind: 'docker',
      host: entry.host,
      port: entry.port ?? DOCKER_PORT,
      hostNetworkingHost: entry.host_networking_host ?? 'localhost',
      matchFirstNetwork: entry.match_first_network ?? true,
      filters: Object.fromEntries((entry.filters ?? []).map(({ name, values }) => [name, values])),
      refreshIntervalMs: entry.refresh_interval ?? REFRESH_MS.docker,
      client: readHttpClient(entry, at, directory, findings),
    };
  });
  return [...files, ...http, ...dns, ...docker];
}

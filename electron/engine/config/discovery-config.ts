import type { HttpClientConfig } from './http-client.ts';

/** Where targets come from that no configuration lists. */
export type DiscoveryConfig = FileDiscoveryConfig | HttpDiscoveryConfig | DnsDiscoveryConfig | DockerDiscoveryConfig;

export interface FileDiscoveryConfig {
  readonly kind: 'file';
  /** Absolute paths and patterns of JSON and YAML files. */
  readonly files: readonly string[];
  readonly refreshIntervalMs: number;
}

export interface HttpDiscoveryConfig {
  readonly kind: 'http';
  readonly url: string;
  readonly refreshIntervalMs: number;
  readonly client: HttpClientConfig;
}

export interface DnsDiscoveryConfig {
  readonly kind: 'dns';
  readonly names: readonly string[];
  readonly recordType: 'A' | 'AAAA' | 'MX' | 'NS' | 'SRV';
  /** Of the targets; SRV records bring their own. */
  readonly port: number;
  readonly refreshIntervalMs: number;
}

export interface DockerDiscoveryConfig {
  readonly kind: 'docker';
  /** `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine`, or a URL with tcp, http or https. */
  readonly host: string;
  /** Of containers that expose no TCP port. */
  readonly port: number;
  readonly hostNetworkingHost: string;
  readonly matchFirstNetwork: boolean;
  readonly filters: Readonly<Record<string, readonly string[]>>;
  readonly refreshIntervalMs: number;
  readonly client: HttpClientConfig;
}

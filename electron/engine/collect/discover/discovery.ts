export interface DiscoveredService {
  /** The same for the same service over restarts, e.g. `tcp:9100`. */
  readonly id: string;
  /** 0 for something that is reached without a port. */
  readonly port: number;
  /** The address to reach it at: a loopback address, or the path of a socket. */
  readonly address: string;
  /** Null when it belongs to another user and the system does not tell. */
  readonly process: { readonly pid: number; readonly name: string } | null;
  readonly kind: ServiceKind;
  /** E.g. `Prometheus`, `Redis`; for what is not recognised the process's name or the port. */
  readonly title: string;
  readonly suggestion: ServiceSuggestion;
  /** What it was recognised by, for a person to judge. */
  readonly evidence: string;
}

export type ServiceKind =
  | 'exporter'
  | 'health'
  | 'http'
  | 'https'
  | 'redis'
  | 'postgresql'
  | 'mysql'
  | 'rabbitmq'
  | 'nginx'
  | 'docker'
  | 'container'
  | 'mqtt'
  | 'mongodb'
  | 'memcached'
  | 'elasticsearch'
  | 'mail'
  | 'unknown';

export interface ServiceSuggestion {
  /** A target of a scrape job, as prometheus.yml writes it: `localhost:9100`. */
  readonly scrape?: { readonly job: string; readonly target: string; readonly path: string };
  readonly check?: { readonly name: string; readonly probes: readonly SuggestedProbe[] };
}

/** A probe as the configuration writes it: the key of its kind, and what stands below. The best comes first. */
export interface SuggestedProbe {
  readonly kind: string;
  readonly entry: Readonly<Record<string, string>>;
}

export interface DiscoveredLog {
  /** E.g. `log:/var/log/nginx/*.log`. */
  readonly id: string;
  readonly kind: 'log';
  readonly title: string;
  /** A glob, or one file. */
  readonly path: string;
  readonly fileCount: number;
  /** All of the files together. */
  readonly sizeBytes: number;
  /** What the lines are likely to be. */
  readonly logType: 'application' | 'error' | 'access';
}

/** A TCP socket that waits for connections where a loopback probe reaches it. */
export interface Listener {
  readonly port: number;
  /** Where to reach it on loopback. */
  readonly address: string;
  readonly process: { readonly pid: number; readonly name: string } | null;
  /** Name or number of the user it belongs to; null when not known. */
  readonly user: string | null;
}

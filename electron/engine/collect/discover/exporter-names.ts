/** What an exporter is called, by the first word of its metric families. The first row that matches names it. */
const EXPORTERS: readonly (readonly [prefix: string, title: string, job: string])[] = [
  ['prometheus_build_info', 'Prometheus', 'prometheus'],
  ['alertmanager_', 'Alertmanager', 'alertmanager'],
  ['vm_app_version', 'VictoriaMetrics', 'victoriametrics'],
  ['grafana_', 'Grafana', 'grafana'],
  ['loki_', 'Loki', 'loki'],
  ['node_', 'node_exporter', 'node'],
  ['windows_', 'windows_exporter', 'windows'],
  ['redis_', 'redis_exporter', 'redis'],
  ['mysql_', 'mysqld_exporter', 'mysql'],
  ['pg_', 'postgres_exporter', 'postgres'],
  ['mongodb_', 'mongodb_exporter', 'mongodb'],
  ['rabbitmq_', 'RabbitMQ', 'rabbitmq'],
  ['kafka_', 'Kafka exporter', 'kafka'],
  ['nginx_', 'nginx exporter', 'nginx'],
  ['apache_', 'Apache exporter', 'apache'],
  ['haproxy_', 'HAProxy', 'haproxy'],
  ['traefik_', 'Traefik', 'traefik'],
  ['caddy_', 'Caddy', 'caddy'],
  ['envoy_', 'Envoy', 'envoy'],
  ['elasticsearch_', 'Elasticsearch exporter', 'elasticsearch'],
  ['etcd_', 'etcd', 'etcd'],
  ['container_', 'cAdvisor', 'cadvisor'],
  ['engine_daemon_', 'Docker', 'docker'],
  ['blackbox_exporter_', 'blackbox_exporter', 'blackbox'],
  ['nvidia_smi_', 'NVIDIA GPU exporter', 'gpu'],
  ['DCGM_', 'DCGM exporter', 'gpu'],
  ['minio_', 'MinIO', 'minio'],
  ['jvm_', 'Java application', 'java'],
  ['nodejs_', 'Node.js application', 'nodejs'],
  ['python_', 'Python application', 'python'],
];

/** Families that a client library adds to every program: they name the library, not the program. */
const LIBRARY_FAMILY = /^(go|process|promhttp|scrape|http|up|target)(_|$)/;
const SAMPLE_LINE = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(\{[^\n]*\})?\s+(NaN|[+-]?Inf|[+-]?[0-9.eE+-]+)(\s|$)/;

export interface ExporterIdentity {
  readonly title: string;
  /** A name for the scrape job. */
  readonly job: string;
  readonly familyCount: number;
}

/**
 * Recognise a page of metrics, and who exposes it by its metric families.
 *
 * @param body the beginning of the page; its last line may be cut
 * @param fallbackName the process's name, for a program that shows only its language's own metrics
 * @returns null when the page is no exposition text
 */
export function identifyExporter(
  body: string,
  contentType: string,
  fallbackName: string | null,
): ExporterIdentity | null {
  const families = new Set<string>();
  for (const line of body.split('\n')) {
    const name = SAMPLE_LINE.exec(line)?.[1];
    if (name !== undefined) families.add(name);
    else if (line.startsWith('<') || line.startsWith('{')) return null;
  }
  const isDeclared = /version=0\.0\.4|openmetrics-text|text\/plain/.test(contentType) || /^# (TYPE|HELP) /m.test(body);
  if (families.size === 0 || !isDeclared) return null;
  const familyCount = families.size;
  for (const [prefix, title, job] of EXPORTERS) {
    for (const family of families) if (family.startsWith(prefix)) return { title, job, familyCount };
  }
  const own = commonestPrefix([...families].filter((family) => !LIBRARY_FAMILY.test(family)));
  const isGo = families.has('go_goroutines');
  const name = own ?? fallbackName ?? (isGo ? 'Go application' : 'metrics');
  return { title: name, job: name.toLowerCase().replace(/[^a-z0-9_-]+/g, '-'), familyCount };
}

function commonestPrefix(families: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const family of families) {
    const prefix = /^[^_:]+/.exec(family)?.[0];
    if (prefix !== undefined) counts.set(prefix, (counts.get(prefix) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([, a], [, b]) => b - a);
  return first?.[0] ?? null;
}

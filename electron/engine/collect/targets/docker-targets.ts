import { isIPv6 } from 'node:net';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { DockerDiscoveryConfig } from '../../config/discovery-config.ts';

/** What is read of a container. Source: Docker Engine API, "ContainerList". */
export interface DockerContainer {
  readonly Id: string;
  readonly Names?: readonly string[] | null;
  readonly Labels?: LabelRecord | null;
  readonly HostConfig?: { readonly NetworkMode?: string };
  readonly Ports?:
    | readonly {
        readonly Type: string;
        readonly PrivatePort: number;
        readonly PublicPort?: number;
        readonly IP?: string;
      }[]
    | null;
  readonly NetworkSettings?: { readonly Networks?: Readonly<Record<string, Attachment | null>> | null } | null;
}

interface Attachment {
  readonly NetworkID: string;
  readonly IPAddress: string;
}

/** What is read of a network. Source: Docker Engine API, "NetworkList". */
export interface DockerNetwork {
  readonly Id: string;
  readonly Name: string;
  readonly Scope: string;
  readonly Internal: boolean;
  readonly Ingress: boolean;
  readonly Labels?: LabelRecord | null;
}

/**
 * A target for each TCP port of each network of a container, or one with the default port where it exposes none.
 *
 * Source: Prometheus, discovery/moby/docker.go and network.go.
 */
export function dockerTargets(
  containers: readonly DockerContainer[],
  networks: readonly DockerNetwork[],
  config: Pick<DockerDiscoveryConfig, 'port' | 'hostNetworkingHost' | 'matchFirstNetwork'>,
): LabelRecord[] {
  const byId = new Map(containers.map((container) => [container.Id, container]));
  const networkLabels = new Map(networks.map((network) => [network.Id, labelsOfNetwork(network)]));
  const targets: LabelRecord[] = [];
  for (const container of containers) {
    const [name] = container.Names ?? [];
    if (name === undefined) continue;
    const mode = container.HostConfig?.NetworkMode ?? '';
    const common = {
      __meta_docker_container_id: container.Id,
      __meta_docker_container_name: name,
      __meta_docker_container_network_mode: mode,
      ...prefixed('__meta_docker_container_label_', container.Labels),
    };
    for (const { NetworkID: network, IPAddress: ip } of attachments(container, byId, config.matchFirstNetwork)) {
      const shared = { ...common, ...networkLabels.get(network), __meta_docker_network_ip: ip };
      const ports = (container.Ports ?? []).filter(({ Type: type }) => type === 'tcp');
      for (const { PrivatePort: own, PublicPort: published = 0, IP: publicIp = '' } of ports) {
        targets.push({
          ...shared,
          __meta_docker_port_private: String(own),
          ...(published > 0
            ? { __meta_docker_port_public: String(published), __meta_docker_port_public_ip: publicIp }
            : {}),
          __address__: join(ip, own),
        });
      }
      if (ports.length > 0) continue;
      targets.push({ ...shared, __address__: mode === 'host' ? config.hostNetworkingHost : join(ip, config.port) });
    }
  }
  return targets;
}

/** The networks of a container; one that shares the network of another has none of its own. */
function attachments(
  container: DockerContainer,
  byId: ReadonlyMap<string, DockerContainer>,
  onlyFirst: boolean,
): Attachment[] {
  let current: DockerContainer | undefined = container;
  const seen = new Set<DockerContainer>();
  while (current !== undefined && !seen.has(current)) {
    seen.add(current);
    const entries = Object.entries(current.NetworkSettings?.Networks ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
    if (entries.length > 0) {
      const chosen = onlyFirst ? entries.slice(0, 1) : entries;
      return chosen.flatMap(([, attachment]) => (attachment === null ? [] : [attachment]));
    }
    const owner: string | undefined = /^container:(.+)$/.exec(current.HostConfig?.NetworkMode ?? '')?.[1];
    current = owner === undefined ? undefined : byId.get(owner);
  }
  return [];
}

function labelsOfNetwork(network: DockerNetwork): LabelRecord {
  return {
    __meta_docker_network_id: network.Id,
    __meta_docker_network_name: network.Name,
    __meta_docker_network_scope: network.Scope,
    __meta_docker_network_internal: String(network.Internal),
    __meta_docker_network_ingress: String(network.Ingress),
    ...prefixed('__meta_docker_network_label_', network.Labels),
  };
}

/** Source: Prometheus, `strutil.SanitizeLabelName`. */
function prefixed(prefix: string, labels: LabelRecord | null | undefined): LabelRecord {
  return Object.fromEntries(
    Object.entries(labels ?? {}).map(([name, value]) => [prefix + name.replace(/[^a-zA-Z0-9_]/g, '_'), value]),
  );
}

function join(ip: string, port: number): string {
  return `${isIPv6(ip) ? `[${ip}]` : ip}:${String(port)}`;
}

import type { promises } from 'node:dns';
import { isIPv6 } from 'node:net';
import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { DnsDiscoveryConfig } from '../../config/discovery-config.ts';
import { repeatLook } from './repeat-look.ts';
import type { SourceLook, SourceOptions, TargetGroup, TargetSource } from './target-source.ts';

/** What is used of a resolver of `node:dns`; one is made for each look, so that it can be given up. */
export type DnsResolver = Pick<
  promises.Resolver,
  'resolve4' | 'resolve6' | 'resolveMx' | 'resolveNs' | 'resolveSrv' | 'cancel'
>;

/**
 * Targets that name servers know. A name that does not exist has no targets; a server that does not answer says nothing,
 * so that the targets of that name stay. The hosts file and the search list of the system are not asked.
 *
 * Source: Prometheus manual, `<dns_sd_config>`; discovery/dns/dns.go.
 */
export function startDnsSource(config: DnsDiscoveryConfig, options: SourceOptions): TargetSource {
  let known = new Map<string, TargetGroup>();

  async function look(signal: AbortSignal): Promise<SourceLook> {
    const resolver = options.createResolver();
    const cancel = (): void => resolver.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const answers = await Promise.all(config.names.map((name) => resolve(resolver, name, config)));
      signal.throwIfAborted();
      const next = new Map<string, TargetGroup>();
      for (const answer of answers) {
        const group = answer.ok ? { targets: answer.targets, labels: {} } : known.get(answer.name);
        if (group !== undefined) next.set(answer.name, group);
      }
      known = next;
      const groups = [...next.values()];
      const faults = answers.flatMap((answer) => (answer.ok ? [] : [answer.message]));
      return faults.length === 0 ? { ok: true, groups } : { ok: false, message: faults.join(' '), groups };
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  return repeatLook({
    ...options,
    kind: 'dns',
    name: `${config.recordType} ${config.names.join(', ')}`,
    intervalMs: config.refreshIntervalMs,
    look,
  });
}

type Answer =
  | { readonly ok: true; readonly name: string; readonly targets: readonly LabelRecord[] }
  | { readonly ok: false; readonly name: string; readonly message: string };

async function resolve(resolver: DnsResolver, name: string, config: DnsDiscoveryConfig): Promise<Answer> {
  try {
    const found = await ask(resolver, name, config);
    return { ok: true, name, targets: found.map((labels) => ({ ...labels, __meta_dns_name: name })) };
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'ENOTFOUND' || code === 'ENODATA') return { ok: true, name, targets: [] };
    if (typeof code !== 'string') throw error;
    return { ok: false, name, message: `No name server answered for ${config.recordType} ${name} (${code}).` };
  }
}

async function ask(
  resolver: DnsResolver,
  name: string,
  { recordType, port }: DnsDiscoveryConfig,
): Promise<LabelRecord[]> {
  switch (recordType) {
    case 'A':
      return (await resolver.resolve4(name)).map((address) => target(address, port));
    case 'AAAA':
      return (await resolver.resolve6(name)).map((address) => target(address, port));
    case 'MX':
      return (await resolver.resolveMx(name)).map(({ exchange }) => ({
        ...target(exchange, port),
        __meta_dns_mx_record_target: rooted(exchange),
      }));
    case 'NS':
      return (await resolver.resolveNs(name)).map((server) => ({
        ...target(server, port),
        __meta_dns_ns_record_target: rooted(server),
      }));
    case 'SRV':
      return (await resolver.resolveSrv(name)).map((record) => ({
        ...target(record.name, record.port),
        __meta_dns_srv_record_target: rooted(record.name),
        __meta_dns_srv_record_port: String(record.port),
      }));
  }
}

function target(host: string, port: number): LabelRecord {
  const bare = host.replace(/\.$/, '');
  return { __address__: `${isIPv6(bare) ? `[${bare}]` : bare}:${String(port)}` };
}

/** As records have it, which Node shortens. */
function rooted(host: string): string {
  return host.endsWith('.') ? host : `${host}.`;
}

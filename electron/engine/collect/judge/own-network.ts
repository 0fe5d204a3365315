import type { Scope } from './address-scope.ts';

/** What one look at what lies between this machine and the others found. */
export interface AnchorReport {
  /** Whether this machine has a way out at all; null where that cannot be told. */
  readonly hasRoute: boolean | null;
  /** Whether the gateway answers; null when there is none, or nobody can tell. */
  readonly gatewayAnswers: boolean | null;
  /** Of name servers and the operator's own anchors, which answer only with the network beyond: whether each did. */
  readonly beyond: readonly boolean[];
}

/** How far this machine's own network reaches: everywhere, to its neighbours, or nowhere. */
export type Reach = 'everywhere' | 'neighbours' | 'nowhere';

/** The last results of the hosts that were asked lately. */
export interface HostEvidence {
  readonly scope: Exclude<Scope, 'self'>;
  readonly isFailing: boolean;
}

/** So many of the hosts that were asked must fail before our own network is suspected: services do fail by themselves. */
const FAILING_SHARE = 0.8;
/** A single host, or a single anchor, may be down by itself. */
const WITNESSES = 2;

/** Whether what fails may be our own network, so that its anchors are worth asking. */
export function isSuspicious(hosts: readonly HostEvidence[]): boolean {
  const far = hosts.filter(({ scope }) => scope === 'beyond');
  return share(hosts) >= FAILING_SHARE || share(far) >= FAILING_SHARE;
}

/**
 * How far our own network reaches, from what failed and from the anchors. When in doubt it reaches everywhere: a service
 * that is down must not be hidden.
 *
 * Without a route, or with a silent gateway and nothing beyond it, it reaches nowhere; with a gateway and nothing beyond
 * it, to the neighbours, which are judged as ever.
 */
export function judgeReach(hosts: readonly HostEvidence[], anchors: AnchorReport): Reach {
  const failing = hosts.filter(({ isFailing }) => isFailing);
  if (failing.length === 0) return 'everywhere';
  if (anchors.hasRoute === false) return 'nowhere';
  if (anchors.beyond.some((answers) => answers)) return 'everywhere';
  const silent = anchors.beyond.length;
  const far = hosts.filter(({ scope }) => scope === 'beyond');
  const near = hosts.filter(({ scope }) => scope === 'local');
  const farFailing = far.filter(({ isFailing }) => isFailing).length;
  const isFarLost = far.length > 0 && share(far) >= FAILING_SHARE;
  if (anchors.gatewayAnswers === false && share(hosts) >= FAILING_SHARE && silent + 1 + failing.length > WITNESSES) {
    // A neighbour that answers shows that the wire is there, whatever the gateway does.
    if (near.every(({ isFailing }) => isFailing)) return 'nowhere';
  }
  return isFarLost && silent > 0 && silent + farFailing > WITNESSES ? 'neighbours' : 'everywhere';
}

/** Whether hosts of a scope are out of reach for a reason of our own. */
export function isCutOff(scope: Scope, reach: Reach): boolean {
  if (scope === 'self' || reach === 'everywhere') return false;
  return reach === 'nowhere' || scope === 'beyond';
}

function share(hosts: readonly HostEvidence[]): number {
  return hosts.length === 0 ? 0 : hosts.filter(({ isFailing }) => isFailing).length / hosts.length;
}

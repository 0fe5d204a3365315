import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Environment } from '../http/choose-proxy.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/index.ts';
import type { DnsResolver } from './dns-source.ts';

/** Targets that belong together. Each has at least `__address__`; its own labels win over those of the group. */
export interface TargetGroup {
  readonly targets: readonly LabelRecord[];
  readonly labels: LabelRecord;
}

/** Finds targets again and again. */
export interface TargetSource {
  /** What was found last; a failure changes nothing of it. */
  groups(): readonly TargetGroup[];
  status(): SourceStatus;
  stop(): void;
}

/** How looking for targets goes. */
export interface SourceStatus {
  readonly kind: 'file' | 'http' | 'dns' | 'docker';
  /** What is asked: a path, a URL, a name. */
  readonly name: string;
  readonly targets: number;
  /** Empty when the last look went well. */
  readonly lastError: string;
  /** Epoch milliseconds of the last look that went well; null before. */
  readonly lastSuccessAt: number | null;
}

/** What sources need of the outside. */
export interface SourcePorts {
  readonly clock: Clock;
  readonly log: Log;
  readonly revealSecret: RevealSecret;
  readonly environment: Environment;
  readonly userAgent: string;
  /** A resolver of names for one look. */
  readonly createResolver: () => DnsResolver;
}

export interface SourceOptions extends SourcePorts {
  readonly jobName: string;
  /** Called when the groups are others than before. */
  readonly onChange: () => void;
}

export type SourceLook =
  | { readonly ok: true; readonly groups: readonly TargetGroup[] }
  /** `groups` where a part of it went well all the same. */
  | { readonly ok: false; readonly message: string; readonly groups?: readonly TargetGroup[] };

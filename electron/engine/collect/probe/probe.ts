import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Clock } from '../../schedule/index.ts';
import type { Environment } from '../http/choose-proxy.ts';
import type { RevealSecret } from '../reveal-secret.ts';
import type { PushBook } from './push/push-book.ts';
import type { HealthDocument } from './health-document.ts';

/** `unknown`: nothing can be said, because the fault is on our side or the service itself does not know. */
export type Outcome = 'up' | 'degraded' | 'down' | 'unknown';

/** Why a result is not `up`: a stable word for programs, a sentence for people. */
export interface Reason {
  readonly code: string;
  readonly message: string;
}

/** The parts of a request, in their order; redirects add to the same parts. */
export const PHASES = ['resolve', 'connect', 'tls', 'processing', 'transfer'] as const;
export type Phase = (typeof PHASES)[number];
/** Milliseconds; 0 for a part that was not needed or not reached. */
export type PhaseTimes = Readonly<Record<Phase, number>>;

export interface ProbeResult {
  readonly outcome: Outcome;
  /** Null when the outcome is `up`. */
  readonly reason: Reason | null;
  readonly durationMs: number;
  readonly phases: PhaseTimes;
  /** What was learnt that has no place of its own, in the order in which it is shown. */
  readonly details: readonly ProbeDetail[];
  /** Of a connection that was secured; else null. */
  readonly certificate: CertificateFacts | null;
  /** What the service says of its parts, or what was found of them; else null. */
  readonly health: HealthDocument | null;
  /** Of an HTTP answer; null for every other kind. */
  readonly http: HttpFacts | null;
  /** Series to write, by labels with `__name__`; those of the check itself are added by the caller. */
  readonly samples: readonly ProbeSample[];
}

/** A fact for people: `version` is `16.2`. Names are lowerCamelCase; the interface has words for those that it knows. */
export interface ProbeDetail {
  readonly name: string;
  readonly value: string;
}

export interface ProbeSample {
  readonly name: string;
  readonly labels: LabelRecord;
  readonly value: number;
}

/** What was learnt of an HTTP answer on the way; null for what was not reached. */
export interface HttpFacts {
  readonly status: number | null;
  readonly httpVersion: string | null;
  readonly contentType: string | null;
  /** After decompression. */
  readonly bodyBytes: number | null;
  readonly redirects: number;
  /** Where the last redirect led. */
  readonly finalUrl: string;
  readonly remoteAddress: string | null;
  /** The first characters of a text answer that was not accepted. */
  readonly excerpt: string | null;
}

export interface CertificateFacts {
  readonly protocol: string | null;
  readonly cipher: string | null;
  /** SHA-256 of the leaf, in hexadecimal digits. */
  readonly fingerprint: string;
  /** The names of hosts that the leaf is for. */
  readonly names: readonly string[];
  readonly distinguishedName: string;
  readonly issuerDistinguishedName: string;
  readonly subject: string;
  readonly issuer: string;
  /** Epoch milliseconds. */
  readonly leafExpiresAt: number;
  /** Epoch milliseconds; the earliest of the whole chain, as a client needs all of it. */
  readonly earliestExpiresAt: number;
  readonly isTrusted: boolean;
  /** Why it is not trusted, for people; null when it is. */
  readonly distrust: string | null;
}

/** Something that can be asked how it is, again and again. */
export interface Probe {
  /** Never rejects for what the other side may do. `signal` bounds the whole of it. */
  run(signal: AbortSignal): Promise<ProbeResult>;
  /** Let go of what is kept between runs, such as a connection. A run after this begins anew. */
  close?(): void;
}

/** What a probe may use of the program. */
export interface ProbePorts {
  readonly clock: Clock;
  /** How requests name the program: `Vedette/1.2.3`. */
  readonly userAgent: string;
  readonly revealSecret: RevealSecret;
  /** For proxies that the environment names; absent for none. */
  readonly environment?: Environment;
  /** Where jobs report; absent in a program that takes no reports. */
  readonly pushes?: PushBook;
}

/** Makes the probe of one kind. `timeoutMs` is how long its runs may take: for messages, as the signal enforces it. */
export type CreateProbe<Config> = (config: Config, timeoutMs: number, ports: ProbePorts) => Probe;

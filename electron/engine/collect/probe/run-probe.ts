import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { Clock } from '../../schedule/index.ts';
import { explainNetworkError } from '../network-problem.ts';
import { addressSamples } from './address-samples.ts';
import { certificateSamples } from './certificate-samples.ts';
import { startWatch } from './http-samples.ts';
import type { CertificateFacts, Outcome, Phase, ProbeDetail, ProbeResult, ProbeSample, Reason } from './probe.ts';
import type { HealthDocument } from './health-document.ts';

/** What a probe says in the end. */
export interface Verdict {
  readonly outcome: Outcome;
  /** Null when the outcome is `up`. */
  readonly reason: Reason | null;
}

export const UP: Verdict = { outcome: 'up', reason: null };

/** One run of a probe: what it may wait for, and where it writes what it learns, also when it fails afterwards. */
export interface ProbeRun {
  readonly signal: AbortSignal;
  /** What is waited for now, as words that follow the address: `did not greet`. It explains a timeout. */
  awaited: string;
  readonly phases: Record<Phase, number>;
  remoteAddress: string | null;
  certificate: CertificateFacts | null;
  health: HealthDocument | null;
  /** What the latency is, where it is not the duration of the whole run; null for that. */
  latencyMs: number | null;
  /** Do this when the run is over, however it ends: close what was opened, add what is known only then. */
  onEnd(undo: () => void): void;
  /** Add a fact for people. */
  note(name: string, value: string | number): void;
  /** Add a sample. */
  add(name: string, value: number, labels?: LabelRecord): void;
}

/** Ends a run with a verdict from wherever it is noticed. */
export class ProbeFailure extends Error {
  readonly verdict: Verdict;
  constructor(outcome: Exclude<Outcome, 'up'>, code: string, message: string) {
    super(message);
    this.verdict = { outcome, reason: { code, message } };
  }
}

export interface RunSetting {
  readonly clock: Clock;
  /** How messages call the other side: `host:port`, or its name. */
  readonly address: string;
  readonly timeoutMs: number;
}

/**
 * Run a probe that is not HTTP and make its result: `look` asks and judges, the rest is the same for all.
 *
 * A system or network error that `look` throws is explained, a {@link ProbeFailure} taken as its verdict; anything else
 * is a bug and is thrown on. When the signal aborts, the run ends at once, whether or not `look` notices.
 */
export async function runProbe(
  { clock, address, timeoutMs }: RunSetting,
  signal: AbortSignal,
  look: (run: ProbeRun) => Promise<Verdict>,
): Promise<ProbeResult> {
  const elapsed = startWatch(clock);
  const details: ProbeDetail[] = [];
  const samples: ProbeSample[] = [];
  const undo: (() => void)[] = [];
  const run: ProbeRun = {
    signal,
    awaited: 'did not answer',
    phases: { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 },
    remoteAddress: null,
    certificate: null,
    health: null,
    latencyMs: null,
    onEnd: (one) => void undo.push(one),
    note: (name, value) => void details.push({ name, value: String(value) }),
    add: (name, value, labels = {}) => void samples.push({ name, labels, value }),
  };
  let verdict: Verdict;
  try {
    verdict = await untilAborted(look(run), signal);
  } catch (error) {
    verdict = signal.aborted ? ofAbort(signal, address, run.awaited, timeoutMs) : ofError(error, address);
  } finally {
    for (const one of undo.toReversed()) one();
  }
  const elapsedMs = elapsed();
  const { phases, certificate, health } = run;
  // Whatever was not spent on getting there was spent on asking.
  if (phases.processing === 0)
    phases.processing = Math.max(0, elapsedMs - phases.resolve - phases.connect - phases.tls);
  return {
    ...verdict,
    durationMs: run.latencyMs ?? elapsedMs,
    phases,
    details,
    certificate,
    health,
    http: null,
    samples: [...commonSamples(verdict.outcome, elapsedMs, run), ...samples],
  };
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(new Error('aborted', { cause: signal.reason }));
  };
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([aborted, work]);
  } finally {
    signal.removeEventListener('abort', abort);
    // When the race is lost, how the work ends is of no interest any more.
    work.catch(() => undefined);
  }
}

function ofAbort(signal: AbortSignal, address: string, awaited: string, timeoutMs: number): Verdict {
  const isTimeout = (signal.reason as { name?: string } | undefined)?.name === 'TimeoutError';
  if (!isTimeout) return { outcome: 'unknown', reason: { code: 'aborted', message: 'The check was interrupted.' } };
  const message = `${address} ${awaited} within ${String(timeoutMs / 1000)} s.`;
  return { outcome: 'down', reason: { code: 'timeout', message } };
}

function ofError(error: unknown, address: string): Verdict {
  if (error instanceof ProbeFailure) return error.verdict;
  // Errors of the system and of OpenSSL have a code; what has none is a bug of ours.
  if (!(error instanceof Error) || typeof (error as { code?: unknown }).code !== 'string') throw error;
  const { code, message, side } = explainNetworkError(error, address);
  return { outcome: side === 'ours' ? 'unknown' : 'down', reason: { code, message } };
}

/**
 * What every kind writes: blackbox_exporter's names. `probe_success` is absent when the outcome is unknown: a zero would
 * blame the target for a fault on our side.
 */
function commonSamples(outcome: Outcome, durationMs: number, run: ProbeRun): ProbeSample[] {
  const samples: ProbeSample[] = [];
  const add = (name: string, value: number): void => void samples.push({ name, labels: {}, value });
  if (outcome !== 'unknown') add('probe_success', outcome === 'down' ? 0 : 1);
  add('probe_duration_seconds', durationMs / 1000);
  add('probe_dns_lookup_time_seconds', run.phases.resolve / 1000);
  if (run.remoteAddress !== null) samples.push(...addressSamples(run.remoteAddress));
  if (run.certificate !== null) samples.push(...certificateSamples(run.certificate));
  return samples;
}

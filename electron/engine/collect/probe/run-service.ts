import type { SampleCondition, Thresholds } from '../../config/index.ts';
import type { Outcome, ProbeResult, ProbeSample } from './probe.ts';
import { UP, runProbe } from './run-probe.ts';
import type { ProbeRun, RunSetting, Verdict } from './run-probe.ts';

/** Run a probe whose samples are judged by the conditions of its configuration besides. The worst verdict counts. */
export function runService(
  setting: RunSetting & { readonly thresholds: Thresholds },
  signal: AbortSignal,
  look: (run: ProbeRun) => Promise<Verdict>,
): Promise<ProbeResult> {
  return runProbe(setting, signal, async (run) => {
    const samples: ProbeSample[] = [];
    const add = run.add.bind(run);
    run.add = (name, value, labels = {}) => {
      samples.push({ name, labels, value });
      add(name, value, labels);
    };
    const verdict = await look(run);
    return worstOf([verdict, ...judgeSamples(samples, setting.thresholds, setting.address)]);
  });
}

/** When what is asked on the way to the target hangs, nothing is known of the target itself. */
export async function withTimeoutOnOurSide(running: Promise<ProbeResult>): Promise<ProbeResult> {
  const result = await running;
  if (result.reason?.code !== 'timeout') return result;
  const samples = result.samples.filter(({ name }) => name !== 'probe_success');
  return { ...result, outcome: 'unknown', samples };
}

const BADNESS: Readonly<Record<Outcome, number>> = { up: 0, unknown: 1, degraded: 2, down: 3 };
const MOST_MESSAGES = 3;

/** The worst of several verdicts, with the reasons of all that are as bad; its code is that of the first. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  const worst = verdicts.reduce<Verdict>((a, b) => (BADNESS[b.outcome] > BADNESS[a.outcome] ? b : a), UP);
  if (worst.reason === null) return worst;
  const messages = verdicts.flatMap(({ outcome, reason }) =>
    outcome === worst.outcome && reason ? reason.message : [],
  );
  const more = messages.length > MOST_MESSAGES ? ` And ${String(messages.length - MOST_MESSAGES)} more.` : '';
  const message = `${messages.slice(0, MOST_MESSAGES).join(' ')}${more}`;
  return { outcome: worst.outcome, reason: { code: worst.reason.code, message } };
}

export function verdict(outcome: Exclude<Outcome, 'up'>, code: string, message: string): Verdict {
  return { outcome, reason: { code, message } };
}

/** What the conditions make of the samples. A condition over a sample that is not there cannot be judged: never 0. */
export function judgeSamples(
  samples: readonly ProbeSample[],
  { degraded, down }: Thresholds,
  address: string,
): Verdict[] {
  const judge = (outcome: 'degraded' | 'down', condition: SampleCondition): Verdict[] => {
    const candidates = samples.filter((sample) => isMeant(sample, condition));
    if (candidates.length === 0) {
      const message = `${address} gave no ${condition.name}, so that "${condition.text}" cannot be judged.`;
      return [verdict('unknown', 'missing', message)];
    }
    const met = candidates.find((sample) => holds(sample.value, condition));
    if (met === undefined) return [];
    const message = `${address}: ${describe(met)} is ${String(met.value)} (${outcome} when ${condition.text}).`;
    return [verdict(outcome, 'threshold', message)];
  };
  return [
    ...down.flatMap((condition) => judge('down', condition)),
    ...degraded.flatMap((condition) => judge('degraded', condition)),
  ];
}

function isMeant(sample: ProbeSample, { name, labels }: SampleCondition): boolean {
  return sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value);
}

function holds(value: number, { operator, value: limit }: SampleCondition): boolean {
  switch (operator) {
    case '>':
      return value > limit;
    case '>=':
      return value >= limit;
    case '<':
      return value < limit;
    case '<=':
      return value <= limit;
    case '==':
      return value === limit;
    case '!=':
      return value !== limit;
  }
}

function describe({ name, labels }: ProbeSample): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  return pairs.length === 0 ? name : `${name}{${pairs.join(', ')}}`;
}

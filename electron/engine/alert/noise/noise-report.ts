import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { AlertEpisode, Delivery } from '../../store/state/index.ts';
import { FLAP_GAP_MS, gapsBetween, SHORT_MS } from './episode-gaps.ts';
import { proposeTimes, type NoiseProposal } from './propose-times.ts';

/** A rule as the report needs it. */
export interface ReportedRule {
  readonly id: string;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly expr: string;
  readonly labels: LabelRecord;
  readonly forMs: number;
  readonly keepFiringForMs: number;
}

export interface NoiseInput {
  readonly fromMs: number;
  readonly toMs: number;
  readonly episodes: readonly AlertEpisode[];
  readonly deliveries: readonly Pick<Delivery, 'at' | 'outcome' | 'firing'>[];
  readonly rules: readonly ReportedRule[];
  /** Whether somebody acknowledged it; null where nobody can tell, so that nothing is said about it. */
  readonly wasAcknowledged: ((episode: AlertEpisode) => boolean) | null;
}

/** Why a rule is noisy. */
export type NoiseReason =
  /** It begins again soon after it ended, again and again. */
  | 'flaps'
  /** Most of its alerts end by themselves within five minutes. */
  | 'short'
  /** It was told again and again, and nobody ever acknowledged it. */
  | 'ignored'
  /** Many alerts of it at once. */
  | 'many';

export interface NoisyRule {
  readonly rule: ReportedRule;
  /** How often one of its alerts fired. */
  readonly fired: number;
  /** How many different alerts. */
  readonly alerts: number;
  readonly endedSoon: number;
  readonly flaps: number;
  readonly medianMs: number | null;
  /** Messages that arrived somewhere. */
  readonly messages: number;
  /** null where nobody can tell. */
  readonly acknowledged: number | null;
  /** The most at once. */
  readonly most: number;
  readonly reasons: readonly NoiseReason[];
  readonly proposals: readonly NoiseProposal[];
}

export interface NoiseReport {
  readonly fired: number;
  /** All rules that fired, noisy ones first, then by how often. */
  readonly rules: readonly NoisyRule[];
}

const FEW = 3;
const MANY_AT_ONCE = 5;

/** Which rules cost more attention than they are worth, and what could be changed. */
export function noiseReport(input: NoiseInput): NoiseReport {
  const byRule = Map.groupBy(input.episodes, ({ ruleId }) => ruleId);
  const told = messagesByFingerprint(input.deliveries);
  const rules = input.rules.flatMap((rule) => {
    const episodes = byRule.get(rule.id) ?? [];
    return episodes.length === 0 ? [] : [judge(rule, episodes, told, input)];
  });
  rules.sort((a, b) => b.reasons.length - a.reasons.length || b.fired - a.fired);
  return { fired: rules.reduce((sum, { fired }) => sum + fired, 0), rules };
}

function judge(
  rule: ReportedRule,
  episodes: readonly AlertEpisode[],
  told: ReadonlyMap<string, readonly number[]>,
  { toMs, wasAcknowledged }: NoiseInput,
): NoisyRule {
  const lengths = episodes.flatMap(({ firedAt, resolvedAt }) => (resolvedAt === null ? [] : [resolvedAt - firedAt]));
  const endedSoon = lengths.filter((length) => length < SHORT_MS).length;
  const gaps = gapsBetween(episodes);
  const flaps = gaps.filter((gap) => gap <= FLAP_GAP_MS).length;
  const messages = episodes.filter((episode) => wasTold(episode, told, toMs)).length;
  const acknowledged = wasAcknowledged === null ? null : episodes.filter(wasAcknowledged).length;
  const most = mostAtOnce(episodes, toMs);
  const reasons: NoiseReason[] = [];
  if (flaps >= FEW) reasons.push('flaps');
  if (endedSoon >= FEW && endedSoon * 2 >= lengths.length) reasons.push('short');
  if (acknowledged === 0 && messages >= FEW) reasons.push('ignored');
  if (most >= MANY_AT_ONCE) reasons.push('many');
  return {
    rule,
    fired: episodes.length,
    alerts: new Set(episodes.map(({ fingerprint }) => fingerprint)).size,
    endedSoon,
    flaps,
    medianMs: median(lengths),
    messages,
    acknowledged,
    most,
    reasons,
    proposals: proposeTimes(rule, episodes, reasons),
  };
}

function messagesByFingerprint(deliveries: NoiseInput['deliveries']): Map<string, number[]> {
  const told = new Map<string, number[]>();
  for (const { at, outcome, firing } of deliveries) {
    if (outcome !== 'delivered') continue;
    for (const fingerprint of firing) {
      const times = told.get(fingerprint);
      if (times === undefined) told.set(fingerprint, [at]);
      else times.push(at);
    }
  }
  return told;
}

function wasTold(
  { fingerprint, firedAt, resolvedAt }: AlertEpisode,
  told: ReadonlyMap<string, readonly number[]>,
  toMs: number,
): boolean {
  return (told.get(fingerprint) ?? []).some((at) => at >= firedAt && at <= (resolvedAt ?? toMs));
}

function mostAtOnce(episodes: readonly AlertEpisode[], toMs: number): number {
  const changes = episodes
    .flatMap(({ firedAt, resolvedAt }) => [
      { at: firedAt, by: 1 },
      { at: resolvedAt ?? toMs, by: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.by - b.by);
  let now = 0;
  let most = 0;
  for (const { by } of changes) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}

import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { AlertEpisode } from '../../store/state/index.ts';
import { FLAP_GAP_MS, gapsBetween, SHORT_MS } from './episode-gaps.ts';
import type { NoiseReason, ReportedRule } from './noise-report.ts';

/** A change that would make a rule quieter. `left` is how often it would have fired with it. */
export type NoiseProposal =
  | { readonly kind: 'for'; readonly ms: number; readonly left: number }
  | { readonly kind: 'keepFiringFor'; readonly ms: number; readonly left: number }
  | { readonly kind: 'limit'; readonly limit: number; readonly left: number }
  /** One that wakes nobody. */
  | { readonly kind: 'severity'; readonly severity: 'warning' | 'info' }
  /** One message for all, by the labels that they share. */
  | { readonly kind: 'group'; readonly by: readonly string[] }
  /** One alert makes most of the noise. */
  | { readonly kind: 'silence'; readonly labels: LabelRecord; readonly left: number };

/** Waits that people write into rules. */
const WAITS_MS = [1, 2, 3, 5, 10, 15, 20, 30, 45, 60, 90, 120].map((minutes) => minutes * 60_000);
/** A change is worth telling when it leaves at most this share of the alerts. */
const LEFT_AT_MOST = 0.6;
const MOST_OF_IT = 0.8;

/** What the history of a rule's alerts says about its times, its level and how it is told. */
export function proposeTimes(
  rule: ReportedRule,
  episodes: readonly AlertEpisode[],
  reasons: readonly NoiseReason[],
): NoiseProposal[] {
  const proposals: NoiseProposal[] = [];
  if (reasons.includes('short')) proposals.push(...longerFor(rule, episodes));
  if (reasons.includes('flaps')) proposals.push(...longerKeep(rule, episodes));
  if (reasons.includes('ignored')) proposals.push(...lowerSeverity(rule));
  if (reasons.includes('many')) proposals.push({ kind: 'group', by: sharedLabels(episodes) });
  if (reasons.length > 0) proposals.push(...silenceOfOne(episodes));
  return proposals;
}

/** What ends within the additional wait would not have fired; everything else would have, that much later. */
function longerFor(rule: ReportedRule, episodes: readonly AlertEpisode[]): NoiseProposal[] {
  for (const ms of WAITS_MS) {
    const moreMs = ms - rule.forMs;
    if (moreMs <= 0 || moreMs > SHORT_MS * 6) continue;
    const left = episodes.filter(
      // `keep_firing_for` lengthens each alert without the condition, so that time proves nothing.
      ({ firedAt, resolvedAt }) => resolvedAt === null || resolvedAt - firedAt - rule.keepFiringForMs > moreMs,
    ).length;
    if (left <= episodes.length * LEFT_AT_MOST) return [{ kind: 'for', ms, left }];
  }
  return [];
}

/** A gap that is shorter than the additional time would have been bridged. */
function longerKeep(rule: ReportedRule, episodes: readonly AlertEpisode[]): NoiseProposal[] {
  const gaps = gapsBetween(episodes);
  for (const ms of WAITS_MS) {
    const moreMs = ms - rule.keepFiringForMs;
    if (moreMs <= 0 || moreMs > FLAP_GAP_MS) continue;
    const left = episodes.length - gaps.filter((gap) => gap < moreMs).length;
    if (left <= episodes.length * LEFT_AT_MOST) return [{ kind: 'keepFiringFor', ms, left }];
  }
  return [];
}

function lowerSeverity({ labels }: ReportedRule): NoiseProposal[] {
  const severity = labels['severity'] ?? 'warning';
  if (severity === 'info') return [];
  return [{ kind: 'severity', severity: severity === 'warning' ? 'info' : 'warning' }];
}

/** Labels that every alert of the rule has with the same value; the name of the alert is always one of them. */
function sharedLabels(episodes: readonly AlertEpisode[]): string[] {
  const [first, ...others] = episodes;
  if (first === undefined) return ['alertname'];
  const shared = Object.entries(first.labels)
    .filter(([name, value]) => name !== 'severity' && others.every(({ labels }) => labels[name] === value))
    .map(([name]) => name);
  return [...new Set(['alertname', ...shared])];
}

function silenceOfOne(episodes: readonly AlertEpisode[]): NoiseProposal[] {
  const groups = [...Map.groupBy(episodes, ({ fingerprint }) => fingerprint).values()];
  const loudest = groups.toSorted((a, b) => b.length - a.length)[0];
  if (groups.length < 2 || loudest?.[0] === undefined || loudest.length < episodes.length * MOST_OF_IT) return [];
  return [{ kind: 'silence', labels: loudest[0].labels, left: episodes.length - loudest.length }];
}

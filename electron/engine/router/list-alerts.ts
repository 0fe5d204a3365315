import type { Handling } from '../../../shared/contract/alert-care.ts';
import type { Alert } from '../../../shared/contract/alerts.ts';
import { activeAlerts } from '../alert/alerts-view.ts';
import type { AlertStatus, Quiet } from '../alert/route/index.ts';
import type { RuleGroupStatus } from '../alert/rules/index.ts';
import type { EngineParts } from '../engine-parts.ts';

type QuietTest = ReturnType<Quiet['heldBack']>;
type Parts = Pick<EngineParts, 'dispatcher' | 'silences' | 'quiet' | 'externalLabels'>;

/** Every alert that waits or fires, with what is done about it. */
export function listAlerts(parts: Parts, groups: readonly RuleGroupStatus[]): Alert[] {
  const routed = parts.dispatcher.alerts();
  const names = new Map(routed.map(({ alert }) => [alert.fingerprint, alert.labels['alertname'] ?? '']));
  const quiet = { popups: parts.quiet.heldBack(true), all: parts.quiet.heldBack(false) };
  return activeAlerts({
    groups,
    externalLabels: parts.externalLabels(),
    routed,
    handlingOf: (status) => handlingOf(parts.silences, quiet, status, names),
  });
}

function handlingOf(
  silences: Parts['silences'],
  quiet: { readonly popups: QuietTest; readonly all: QuietTest },
  { alert, care, inhibitedBy, silencedBy, mutedBy, receivers }: AlertStatus,
  names: ReadonlyMap<string, string>,
): Handling {
  return {
    acknowledged: care?.acknowledged ?? null,
    snoozed: care?.snoozed ?? null,
    escalated: [...(care?.escalated ?? [])],
    inhibitedBy: inhibitedBy.map((id) => ({ id, name: names.get(id) ?? '' })),
    silencedBy: silencedBy.map((id) => {
      const silence = silences.get(id);
      return { id, comment: silence?.comment ?? '', endsAt: silence?.endsAt ?? 0 };
    }),
    mutedBy: [...mutedBy],
    quiet: quiet.all?.(alert.labels) === true ? 'all' : quiet.popups?.(alert.labels) === true ? 'popups' : 'no',
    receivers: [...receivers],
  };
}

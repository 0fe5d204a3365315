import type { AlertStatus, AlertGroupStatus } from '../alert/route/index.ts';
import { flag, labelFilter, receiverFilter, type Params } from './filters.ts';

/** `GET /alerts`: alerts that fire, by fingerprint. @throws BadRequest */
export function listAlerts(alerts: readonly AlertStatus[], params: Params): unknown[] {
  const accepts = labelFilter(params);
  const isWantedReceiver = receiverFilter(params);
  const isWanted = suppressionFilter(params);
  return alerts
    .filter((alert) => alert.isFiring && isWanted(alert) && accepts(alert.alert.labels))
    .filter(({ receivers }) => receivers.some(isWantedReceiver))
    .sort((a, b) => (a.alert.fingerprint < b.alert.fingerprint ? -1 : 1))
    .map(wireAlert);
}

/** `GET /alerts/groups`. @throws BadRequest */
export function listGroups(groups: readonly AlertGroupStatus[], params: Params): unknown[] {
  const accepts = labelFilter(params);
  const isWantedReceiver = receiverFilter(params);
  const isWanted = suppressionFilter(params);
  const withMuted = flag(params, 'muted');
  return groups
    .filter(({ receiver }) => isWantedReceiver(receiver))
    .filter((group) => withMuted || !group.alerts.every(isSuppressed))
    .flatMap(({ labels, receiver, alerts }) => {
      const wanted = alerts.filter((alert) => alert.isFiring && isWanted(alert) && accepts(alert.alert.labels));
      return wanted.length === 0
        ? []
        : [{ labels, routeLabels: {}, receiver: { name: receiver }, alerts: wanted.map(wireAlert) }];
    })
    .sort((a, b) => compareTexts(JSON.stringify(a.labels), JSON.stringify(b.labels)) || compareTexts(a.receiver.name, b.receiver.name)); // prettier-ignore
}

function suppressionFilter(params: Params): (alert: AlertStatus) => boolean {
  const [active, silenced, inhibited] = [flag(params, 'active'), flag(params, 'silenced'), flag(params, 'inhibited')];
  // Every alert is judged when it is asked for, so that none is ever unprocessed; the parameter is checked all the same.
  flag(params, 'unprocessed');
  return (alert) =>
    (active || isSuppressed(alert)) &&
    (silenced || alert.silencedBy.length === 0) &&
    (inhibited || alert.inhibitedBy.length === 0);
}

function isSuppressed({ silencedBy, inhibitedBy }: AlertStatus): boolean {
  return silencedBy.length + inhibitedBy.length > 0;
}

function wireAlert(status: AlertStatus): unknown {
  const { alert, receivers, inhibitedBy, silencedBy, mutedBy } = status;
  return {
    annotations: alert.annotations,
    endsAt: new Date(alert.endsAt).toISOString(),
    fingerprint: alert.fingerprint,
    receivers: receivers.map((name) => ({ name })),
    startsAt: new Date(alert.startsAt).toISOString(),
    status: { inhibitedBy, mutedBy, silencedBy, state: isSuppressed(status) ? 'suppressed' : 'active' },
    updatedAt: new Date(alert.updatedAt).toISOString(),
    generatorURL: alert.generatorUrl,
    labels: alert.labels,
  };
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

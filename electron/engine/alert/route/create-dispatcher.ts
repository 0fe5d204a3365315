import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ChannelConfig, NotifyConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { AlertCare, NotificationLogEntry, StateStore, StoredAlert } from '../../store/state/index.ts';
import type { AlertCares } from '../care/alert-cares.ts';
import { callEscalation } from '../care/escalation.ts';
import { isAtLeast } from '../notify/severity.ts';
import { createAlertBook, type AlertChange } from './alert-book.ts';
import { decideNotification } from './decide-notification.ts';
import { compileInhibitRules, createInhibitor } from './inhibit.ts';
import { buildNotification, type SendNotification } from './notification.ts';
import { nameChannels } from './name-channels.ts';
import { routeMutes } from './route-mutes.ts';
import type { Silences } from './silences.ts';
import { buildRoute, groupKey, groupLabels, matchRoutes, type Route } from './route-tree.ts';
import { isResolved, sortAlerts, type IncomingAlert } from './routed-alert.ts';

export interface DispatcherOptions {
  readonly config: NotifyConfig;
  readonly state: Pick<StateStore, 'alerts' | 'episodes' | 'notificationLog'>;
  readonly silences: Pick<Silences, 'mutedBy'>;
  readonly clock: Clock;
  readonly send: SendNotification;
  readonly log: Log;
  /** Where this program is reached, for links; '' when it is not. */
  readonly externalUrl: () => string;
  /** Told of each alert that begins or ends, before any grouping. */
  readonly onChange?: (change: AlertChange) => void;
  /** What people did about alerts; without it nothing is acknowledged, snoozed or escalated. */
  readonly cares?: AlertCares;
  /** What keeps everything quiet; without it nothing does. */
  readonly quiet?: Quiet;
  /** Told of each receiver that is told because nobody acknowledged. */
  readonly onEscalation?: (receiver: string, alerts: readonly StoredAlert[]) => void;
}

/** Groups alerts by routes and tells channels about the groups at the right times. */
export interface Dispatcher {
  receive(alerts: readonly IncomingAlert[]): void;
  /** Take a new configuration. What was told stays told. */
  update(config: NotifyConfig): void;
  /** Nothing was measured from `fromMs` to `toMs`: what fired before goes on firing until there is word of it. */
  gap(fromMs: number, toMs: number): void;
  groups(): AlertGroupStatus[];
  /** Every alert that is known, ended ones too until their end is told. */
  alerts(): AlertStatus[];
  /** The keys of the groups in which an alert with these labels is told. */
  groupKeysOf(labels: LabelRecord): string[];
  /** The receivers of an alert with these labels, in order and one for each route that takes it. */
  receiversOf(labels: LabelRecord): string[];
  /** Something that keeps alerts quiet changed: look at the groups of these alerts again, or at all. */
  review(fingerprints: readonly string[] | null): void;
  /** Start no more messages, end those under way, and wait for them. */
  stop(): Promise<void>;
}

/** What keeps everything quiet for a while. */
export interface Quiet {
  /** Someone paused every notification. */
  isPaused(): boolean;
  /** What quiet hours hold back from popups, or from other channels, at this moment; null outside of them. */
  heldBack(isPopup: boolean): ((labels: LabelRecord) => boolean) | null;
}

/** An alert, who is to be told about it, and what keeps it quiet. */
export interface AlertStatus {
  readonly alert: StoredAlert;
  readonly isFiring: boolean;
  readonly receivers: readonly string[];
  /** Fingerprints of the alerts that inhibit it. */
  readonly inhibitedBy: readonly string[];
  /** Ids of silences. */
  readonly silencedBy: readonly string[];
  /** Names of time intervals that keep the route quiet. */
  readonly mutedBy: readonly string[];
  readonly care: AlertCare | null;
}

export interface AlertGroupStatus {
  readonly receiver: string;
  readonly groupKey: string;
  readonly labels: LabelRecord;
  readonly alerts: readonly AlertStatus[];
}

interface Group {
  readonly id: string;
  readonly route: Route;
  readonly key: string;
  readonly labels: LabelRecord;
  readonly members: Set<string>;
  hasFlushed: boolean;
  isFlushing: boolean;
  isDue: boolean;
  isDisposed: boolean;
  cancelTimer: () => void;
  /** Ends the wait for the end of a snooze or for an escalation. */
  cancelWake: () => void;
}

/** A message may take at least this long, however short the group interval is. Source: Alertmanager, dispatch.go. */
const MIN_BUDGET_MS = 10_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { state, silences, cares, clock, send, log } = options;
  const abort = new AbortController();
  const flights = new Set<Promise<void>>();
  const book = createAlertBook({
    table: state.alerts,
    episodes: state.episodes,
    clock,
    onChange(change) {
      if (change.kind === 'firing') cares?.begin(change.alert.fingerprint);
      options.onChange?.(change);
    },
  });
  let config = options.config;
  let root = buildRoute(config.route);
  let inhibitRules = compileInhibitRules(config.inhibitRules);
  let groups = new Map<string, Group>();
  /** In how many groups an alert is. */
  const memberships = new Map<string, number>();
  let inhibition = { version: -1, validUntil: 0, inhibitedBy: createInhibitor([], []) };
  /** While posts are taken in: groups that tell at once when all are in, without the millisecond that a timer costs. */
  let dueNow: Set<Group> | null = null;
  /** Messages of the configuration before; the first of the new one wait for them, so that both do not tell the same. */
  let before: Promise<unknown> = Promise.resolve();

  for (const alert of book.all()) enter(alert, true);

  /** Put an alert into its groups. A resolved one begins no group, unless it was kept over a restart and may be untold. */
  function enter(alert: StoredAlert, isKept: boolean): void {
    const now = clock.now();
    let isMember = false;
    for (const route of matchRoutes(root, alert.labels)) {
      const labels = groupLabels(route, alert.labels);
      const key = groupKey(route, labels);
      const id = `${route.place} ${key}`;
      let group = groups.get(id);
      const isOldNews = isResolved(alert, now) && !isKept && group?.members.has(alert.fingerprint) !== true;
      if (isOldNews) continue;
      group ??= createGroup(id, route, key, labels);
      isMember = true;
      join(group, alert.fingerprint);
      if (!group.hasFlushed && !group.isFlushing && alert.startsAt + route.config.groupWaitMs < now) schedule(group, 0);
    }
    if (!isMember && !memberships.has(alert.fingerprint)) book.forget([alert.fingerprint]);
  }

  function join(group: Group, fingerprint: string): void {
    if (group.members.has(fingerprint)) return;
    group.members.add(fingerprint);
    memberships.set(fingerprint, (memberships.get(fingerprint) ?? 0) + 1);
  }

  function leave(group: Group, fingerprint: string): void {
    if (!group.members.delete(fingerprint)) return;
    const left = (memberships.get(fingerprint) ?? 1) - 1;
    if (left > 0) memberships.set(fingerprint, left);
    else memberships.delete(fingerprint);
  }

  function createGroup(id: string, route: Route, key: string, labels: LabelRecord): Group {
    const flags = { hasFlushed: false, isFlushing: false, isDue: false, isDisposed: false };
    const group: Group = {
      id,
      route,
      key,
      labels,
      members: new Set(),
      ...flags,
      cancelTimer: () => undefined,
      cancelWake: () => undefined,
    };
    groups.set(id, group);
    schedule(group, route.config.groupWaitMs);
    return group;
  }

  function schedule(group: Group, delayMs: number): void {
    group.cancelTimer();
    if (delayMs <= 0 && dueNow !== null) {
      dueNow.add(group);
      return;
    }
    group.cancelTimer = clock.after(delayMs, () => {
      tick(group);
    });
  }

  function tick(group: Group): void {
    if (group.isDisposed) return;
    // An empty group lives on for one interval, so that an alert that flaps keeps the group's pace.
    if (group.members.size === 0 && !group.isFlushing) {
      dispose(group);
      return;
    }
    group.hasFlushed = true;
    schedule(group, group.route.config.groupIntervalMs);
    launch(group);
  }

  function launch(group: Group): void {
    if (group.isDisposed) return;
    if (group.isFlushing) {
      group.isDue = true;
      return;
    }
    group.isFlushing = true;
    const flight = flush(group)
      .catch((error: unknown) => {
        log(
          'error',
          `Telling about ${group.key} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      })
      .finally(() => {
        flights.delete(flight);
        group.isFlushing = false;
        if (group.isDue && !group.isDisposed) schedule(group, 0);
        group.isDue = false;
      });
    flights.add(flight);
  }

  async function flush(group: Group): Promise<void> {
    await before;
    book.noteExpired();
    const now = clock.now();
    // What ends meanwhile stays a member, so that its end is told when all is heard again.
    if (options.quiet?.isPaused() === true) return;
    const members = membersOf(group);
    const inhibitedBy = currentInhibition();
    const isQuiet = routeMutes(group.route.config, config.timeIntervals, now).length > 0;
    // What is held back leaves before it is compared with what was told, so that it is told once it is not.
    const isSnoozed = (alert: StoredAlert): boolean =>
      cares?.isSnoozed(alert.fingerprint) === true && !isResolved(alert, now);
    const audible = members.filter(
      (alert) =>
        !isQuiet &&
        inhibitedBy(alert.labels).length === 0 &&
        silences.mutedBy(alert.labels).length === 0 &&
        !isSnoozed(alert),
    );
    const told = await Promise.all([
      ...tellReceiver(group, group.route.config.receiver, audible, now),
      ...escalate(group, audible, now),
    ]);
    if (told.every(Boolean)) dropResolved(group, members, now);
    wakeLater(group, now);
  }

  function tellReceiver(group: Group, name: string, alerts: readonly StoredAlert[], now: number): Promise<boolean>[] {
    const receiver = config.receivers.find((one) => one.name === name);
    const channels = nameChannels(receiver?.channels ?? []);
    return channels.map(([channelName, channel]) => tell(group, name, channelName, channel, alerts, now));
  }

  /** Tell those who are told as well while nobody acknowledges: of what is due now, and how that goes on. */
  function escalate(group: Group, audible: readonly StoredAlert[], now: number): Promise<boolean>[] {
    const { escalate: steps } = group.route.config;
    if (steps === undefined || cares === undefined) return [];
    const firing = audible.filter((alert) => !isResolved(alert, now));
    cares.notice(firing.map(({ fingerprint }) => fingerprint));
    return steps.flatMap(({ receiver }) => {
      const isDue = ({ fingerprint }: StoredAlert): boolean =>
        callEscalation(steps, cares.get(fingerprint), now).due.includes(receiver);
      const due = firing.filter(isDue);
      if (due.length > 0) {
        cares.escalate(
          due.map(({ fingerprint }) => fingerprint),
          receiver,
        );
        options.onEscalation?.(receiver, due);
      }
      const isTold = ({ fingerprint }: StoredAlert): boolean =>
        cares.get(fingerprint).escalated.some((one) => one.receiver === receiver);
      return tellReceiver(group, receiver, audible.filter(isTold), now);
    });
  }

  /** Look at the group again when a snooze in it ends or an escalation is due, if that is before its next turn. */
  function wakeLater(group: Group, now: number): void {
    group.cancelWake();
    if (cares === undefined || group.isDisposed) return;
    const steps = group.route.config.escalate ?? [];
    const moments = membersOf(group).flatMap((alert) => {
      if (isResolved(alert, now)) return [];
      const care = cares.get(alert.fingerprint);
      const snoozeEnd = care.snoozed === null ? [] : [care.snoozed.until];
      return [...snoozeEnd, callEscalation(steps, care, now).nextAt ?? 0].filter((at) => at > now);
    });
    if (moments.length === 0) return;
    group.cancelWake = clock.after(Math.min(...moments) - now, () => {
      launch(group);
    });
  }

  function membersOf(group: Group): StoredAlert[] {
    return sortAlerts([...group.members].flatMap((fingerprint) => book.get(fingerprint) ?? []));
  }

  /** @returns false when the channel is still to be told */
  async function tell(
    group: Group,
    receiver: string,
    channelName: string,
    channel: ChannelConfig,
    audible: readonly StoredAlert[],
    now: number,
  ): Promise<boolean> {
    const { repeatIntervalMs, groupIntervalMs } = group.route.config;
    const { alerts, isHeld } = hearable(channel, audible);
    // Nothing is said about nothing: what was told stays told. Source: Alertmanager, notify, MultiStage.Exec.
    if (alerts.length === 0) return !isHeld;
    const key = { groupKey: group.key, receiver, channel: channelName };
    const ids = (wanted: boolean): string[] =>
      alerts.filter((alert) => isResolved(alert, now) === wanted).map((alert) => alert.fingerprint);
    const [firing, resolved] = [ids(false), ids(true)];
    const sendResolved = channel.kind === 'unsupported' || channel.sendResolved;
    const entry = withoutReturned(state.notificationLog.get(key), now);
    const reason = decideNotification({ entry, firing, resolved, repeatIntervalMs, sendResolved }, now);
    if (reason === null) return !isHeld;
    // Someone looks after all of them: there is nobody to remind.
    const isCared = firing.every((fingerprint) => (cares?.get(fingerprint).acknowledged ?? null) !== null);
    if (reason === 'repeat' && cares !== undefined && isCared) return !isHeld;
    if (firing.length === 0 && !sendResolved) {
      state.notificationLog.put({ ...key, at: now, firing, resolved });
      return !isHeld;
    }
    const { key: theKey, labels } = group;
    const parts = { receiver, groupKey: theKey, groupLabels: labels, externalUrl: options.externalUrl(), reason };
    const notification = buildNotification({ ...parts, alerts, resolved, known: entry, sendResolved });
    const budgetMs = Math.max(groupIntervalMs, MIN_BUDGET_MS);
    const outcome = await send({
      notification,
      channel,
      channelName,
      firing,
      resolved,
      budgetMs,
      signal: abort.signal,
    });
    return outcome.isTold && !isHeld;
  }

  /** What a channel is to hear of: by its least severity, and by quiet hours, which hold the rest back for later. */
  function hearable(
    channel: ChannelConfig,
    audible: readonly StoredAlert[],
  ): { readonly alerts: readonly StoredAlert[]; readonly isHeld: boolean } {
    const least = channel.kind === 'unsupported' ? undefined : channel.minSeverity;
    const wanted = least === undefined ? audible : audible.filter(({ labels }) => isAtLeast(labels, least));
    const isQuiet = options.quiet?.heldBack(channel.kind === 'desktop') ?? null;
    const alerts = isQuiet === null ? wanted : wanted.filter(({ labels }) => !isQuiet(labels));
    return { alerts, isHeld: alerts.length < wanted.length };
  }

  /** An alert that comes back from a snooze is news, although it was told before. */
  function withoutReturned(entry: NotificationLogEntry | null, now: number): NotificationLogEntry | null {
    if (entry === null || cares === undefined) return entry;
    const hasReturned = (fingerprint: string): boolean => {
      const until = cares.get(fingerprint).snoozed?.until ?? 0;
      return until > entry.at && until <= now;
    };
    return entry.firing.some(hasReturned)
      ? { ...entry, firing: entry.firing.filter((fingerprint) => !hasReturned(fingerprint)) }
      : entry;
  }

  /** Alerts whose end was told leave the group, unless they fired again meanwhile; without a group they are forgotten. */
  function dropResolved(group: Group, told: readonly StoredAlert[], now: number): void {
    const over = told.filter((alert) => isResolved(alert, now) && book.get(alert.fingerprint) === alert);
    for (const { fingerprint } of over) leave(group, fingerprint);
    const gone = over.map(({ fingerprint }) => fingerprint).filter((id) => !memberships.has(id));
    book.forget(gone);
    cares?.forget(gone);
  }

  /** What holds alerts back now; made anew when alerts changed or one of them ended. */
  function currentInhibition(): ReturnType<typeof createInhibitor> {
    const now = clock.now();
    if (inhibition.version !== book.version() || now >= inhibition.validUntil) {
      const firing = inhibitRules.length > 0 ? book.firing() : [];
      const validUntil = firing.reduce((least, { endsAt }) => Math.min(least, endsAt), Infinity);
      inhibition = { version: book.version(), validUntil, inhibitedBy: createInhibitor(inhibitRules, firing) };
    }
    return inhibition.inhibitedBy;
  }

  function statusOf(alert: StoredAlert, receivers: readonly string[], mutedBy: readonly string[]): AlertStatus {
    const inhibitedBy = currentInhibition()(alert.labels);
    const silencedBy = silences.mutedBy(alert.labels);
    const care = cares?.get(alert.fingerprint) ?? null;
    return { alert, isFiring: !isResolved(alert, clock.now()), receivers, inhibitedBy, silencedBy, mutedBy, care };
  }

  function dispose(group: Group): void {
    group.isDisposed = true;
    group.cancelTimer();
    group.cancelWake();
    for (const fingerprint of [...group.members]) leave(group, fingerprint);
    if (groups.get(group.id) === group) groups.delete(group.id);
  }

  return {
    receive(incoming) {
      if (abort.signal.aborted) return;
      const due = new Set<Group>();
      dueNow = due;
      for (const alert of book.receive(incoming, config.resolveTimeoutMs)) enter(alert, false);
      dueNow = null;
      for (const group of due) tick(group);
    },
    update(next) {
      config = next;
      root = buildRoute(config.route);
      inhibitRules = compileInhibitRules(config.inhibitRules);
      inhibition.version = -1;
      for (const group of groups.values()) dispose(group);
      groups = new Map();
      before = Promise.allSettled([...flights]);
      for (const alert of book.all()) enter(alert, true);
    },
    gap(fromMs, toMs) {
      if (toMs > fromMs) book.shift(toMs - fromMs);
    },
    groups: () =>
      [...groups.values()].map((group) => {
        const { receiver } = group.route.config;
        const mutedBy = routeMutes(group.route.config, config.timeIntervals, clock.now());
        const alerts = membersOf(group).map((alert) => statusOf(alert, [receiver], mutedBy));
        return { receiver, groupKey: group.key, labels: group.labels, alerts };
      }),
    alerts: () =>
      book.all().map((alert) => {
        const routes = matchRoutes(root, alert.labels);
        const mutedBy = routes.flatMap((route) => routeMutes(route.config, config.timeIntervals, clock.now()));
        return statusOf(alert, [...new Set(routes.map((route) => route.config.receiver))], [...new Set(mutedBy)]);
      }),
    groupKeysOf: (labels) => matchRoutes(root, labels).map((route) => groupKey(route, groupLabels(route, labels))),
    receiversOf: (labels) => matchRoutes(root, labels).map((route) => route.config.receiver),
    review(fingerprints) {
      for (const group of groups.values()) {
        const isMeant = fingerprints === null || fingerprints.some((fingerprint) => group.members.has(fingerprint));
        if (isMeant && group.hasFlushed) launch(group);
      }
    },
    async stop() {
      for (const group of [...groups.values()]) dispose(group);
      abort.abort(new DOMException('the program stops', 'AbortError'));
      await Promise.allSettled([...flights]);
    },
  };
}

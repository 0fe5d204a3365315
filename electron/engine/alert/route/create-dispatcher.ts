import type { LabelRecord } from '../../../../shared/model/labels.ts';
import type { ChannelConfig, NotifyConfig } from '../../config/configuration.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../schedule/clock.ts';
import type { StateStore, StoredAlert } from '../../store/state/index.ts';
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
  /** Start no more messages, end those under way, and wait for them. */
  stop(): Promise<void>;
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
}

/** A message may take at least this long, however short the group interval is. Source: Alertmanager, dispatch.go. */
const MIN_BUDGET_MS = 10_000;

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { state, silences, clock, send, log } = options;
  const abort = new AbortController();
  const flights = new Set<Promise<void>>();
  const book = createAlertBook({
    table: state.alerts,
    episodes: state.episodes,
    clock,
    onChange: (change) => options.onChange?.(change),
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
    const group: Group = { id, route, key, labels, members: new Set(), ...flags, cancelTimer: () => undefined };
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
    const members = membersOf(group);
    const inhibitedBy = currentInhibition();
    const isQuiet = routeMutes(group.route.config, config.timeIntervals, now).length > 0;
    // What is held back leaves before it is compared with what was told, so that it is told once it is not.
    const audible = members.filter(
      ({ labels }) => !isQuiet && inhibitedBy(labels).length === 0 && silences.mutedBy(labels).length === 0,
    );
    const receiver = config.receivers.find(({ name }) => name === group.route.config.receiver);
    const channels = nameChannels(receiver?.channels ?? []);
    const told = await Promise.all(channels.map(([name, channel]) => tell(group, name, channel, audible, now)));
    if (told.every(Boolean)) dropResolved(group, members, now);
  }

  function membersOf(group: Group): StoredAlert[] {
    return sortAlerts([...group.members].flatMap((fingerprint) => book.get(fingerprint) ?? []));
  }

  /** @returns false when the channel is still to be told */
  async function tell(
    group: Group,
    channelName: string,
    channel: ChannelConfig,
    alerts: readonly StoredAlert[],
    now: number,
  ): Promise<boolean> {
    const { receiver, repeatIntervalMs, groupIntervalMs } = group.route.config;
    const key = { groupKey: group.key, receiver, channel: channelName };
    const ids = (wanted: boolean): string[] =>
      alerts.filter((alert) => isResolved(alert, now) === wanted).map((alert) => alert.fingerprint);
    const [firing, resolved] = [ids(false), ids(true)];
    const sendResolved = channel.kind === 'unsupported' || channel.sendResolved;
    const entry = state.notificationLog.get(key);
    const reason = decideNotification({ entry, firing, resolved, repeatIntervalMs, sendResolved }, now);
    if (reason === null) return true;
    if (firing.length === 0 && !sendResolved) {
      state.notificationLog.put({ ...key, at: now, firing, resolved });
      return true;
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
    return outcome.isTold;
  }

  /** Alerts whose end was told leave the group, unless they fired again meanwhile; without a group they are forgotten. */
  function dropResolved(group: Group, told: readonly StoredAlert[], now: number): void {
    const over = told.filter((alert) => isResolved(alert, now) && book.get(alert.fingerprint) === alert);
    for (const { fingerprint } of over) leave(group, fingerprint);
    book.forget(over.map(({ fingerprint }) => fingerprint).filter((id) => !memberships.has(id)));
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
    return { alert, isFiring: !isResolved(alert, clock.now()), receivers, inhibitedBy, silencedBy, mutedBy };
  }

  function dispose(group: Group): void {
    group.isDisposed = true;
    group.cancelTimer();
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
    async stop() {
      for (const group of [...groups.values()]) dispose(group);
      abort.abort(new DOMException('the program stops', 'AbortError'));
      await Promise.allSettled([...flights]);
    },
  };
}

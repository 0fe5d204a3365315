import { nameChannels } from '../alert/route/index.ts';
import { pastAlert, wireGroup } from '../alert/alerts-view.ts';
import type { EngineParts } from '../engine-parts.ts';
import type { Delivery } from '../store/state/index.ts';
import type { Delivery as WireDelivery } from '../../../shared/contract/alerts.ts';
import { alertCareCalls } from './alert-care-calls.ts';
import { contractOf } from './implementer.ts';
import { listAlerts } from './list-alerts.ts';

export function alertCalls(parts: EngineParts) {
  const { configuration, metrics, state, notifier, changed } = parts;
  const { alerts } = contractOf;
  return {
    ...alertCareCalls(parts),
    active: alerts.active.handler(async () => listAlerts(parts, await metrics().ruleGroups())),
    history: alerts.history.handler(async ({ input }) => {
      const groups = await metrics().ruleGroups();
      return state.episodes
        .list({ fromMs: input.from, toMs: input.to, limit: input.limit })
        .map((episode) => pastAlert(episode, groups));
    }),
    rules: alerts.rules.handler(async () => (await metrics().ruleGroups()).map(wireGroup)),
    deliveries: alerts.deliveries.handler(({ input }) => {
      const { alert, limit } = input;
      const found = alert === undefined ? state.deliveries.list(limit) : state.deliveries.about(alert, limit);
      return found.map(wireDelivery);
    }),
    receivers: alerts.receivers.handler(() =>
      configuration.current().notify.receivers.map(({ name, channels }) => ({
        name,
        channels: nameChannels(channels).map(([channel]) => channel),
      })),
    ),
    testReceiver: alerts.testReceiver.handler(async ({ input, errors }) => {
      const receiver = configuration.current().notify.receivers.find(({ name }) => name === input.name);
      if (receiver === undefined) throw errors.NOT_FOUND();
      const deliveries = await Promise.all(
        nameChannels(receiver.channels).map(([name, channel]) => notifier.testChannel(receiver.name, name, channel)),
      );
      changed('notifications');
      return deliveries.map(wireDelivery);
    }),
    testNotification: alerts.testNotification.handler(async () => {
      const delivery = await notifier.test();
      changed('notifications');
      return delivery;
    }),
  };
}

const OUTCOMES: Readonly<Record<Delivery['outcome'], WireDelivery['outcome']>> = {
  sending: 'retrying',
  waiting: 'retrying',
  delivered: 'delivered',
  suppressed: 'refused',
  refused: 'refused',
  failed: 'failed',
  doubt: 'failed',
};

function wireDelivery(
  delivery: Pick<Delivery, 'at' | 'receiver' | 'channel' | 'alerts' | 'outcome' | 'words'>,
): WireDelivery {
  return {
    at: delivery.at,
    receiver: delivery.receiver,
    channel: delivery.channel,
    alerts: [...delivery.alerts],
    outcome: OUTCOMES[delivery.outcome],
    message: delivery.words,
  };
}

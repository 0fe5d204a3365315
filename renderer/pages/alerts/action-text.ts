import type { MessageKey } from '../../i18n/en.ts';
import type { useText } from '../../i18n/use-text.ts';

const ACTIONS: Readonly<Record<string, MessageKey>> = {
  acknowledge: 'alerts.action.acknowledge',
  unacknowledge: 'alerts.action.unacknowledge',
  snooze: 'alerts.action.snooze',
  unsnooze: 'alerts.action.unsnooze',
  escalate: 'alerts.action.escalate',
  'silence.create': 'alerts.action.silenceCreate',
  'silence.change': 'alerts.action.silenceChange',
  'silence.expire': 'alerts.action.silenceExpire',
  'system.mute': 'alerts.action.mute',
  'system.pauseChecks': 'alerts.action.pauseChecks',
  'system.reload': 'alerts.action.reload',
  'config.saveFile': 'alerts.action.saveFile',
  'settings.set': 'alerts.action.settings',
  'alerts.testNotification': 'alerts.action.test',
  'alerts.testReceiver': 'alerts.action.test',
};

/** What an action of the audit log is called; one without words of its own keeps the name of its call. */
export function actionText(action: string, t: ReturnType<typeof useText>): string {
  const key = ACTIONS[action];
  return key === undefined ? action : t(key);
}

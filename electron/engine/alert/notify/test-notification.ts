import type { Notification } from '../route/notification.ts';
import type { Language } from './popup-text.ts';

const TEXTS: Readonly<Record<Language, string>> = {
  en: 'This is a test of the notification channel. Nothing is wrong.',
  'zh-CN': '这是一条通知渠道的测试消息，一切正常。',
};

/** A made-up alert that says what it is; its group is its own, so that no real one is taken for told. */
export function testNotification(receiver: string, nowMs: number, language: Language): Notification {
  const labels = { alertname: 'VedetteTest', severity: 'info' };
  return {
    receiver,
    groupKey: `test:${String(nowMs)}`,
    groupLabels: { alertname: 'VedetteTest' },
    status: 'firing',
    externalUrl: '',
    reason: 'first',
    alerts: [
      {
        fingerprint: 'test',
        status: 'firing',
        labels,
        annotations: { summary: TEXTS[language] },
        startsAt: nowMs,
        endsAt: null,
        generatorUrl: '',
        value: null,
        isNews: true,
      },
    ],
  };
}

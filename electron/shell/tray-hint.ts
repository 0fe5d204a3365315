import { Notification } from 'electron';

const TEXTS = {
  en: {
    title: 'Vedette goes on watching',
    body: 'It is in the tray. Quit it there, or let the window close for real in Settings.',
  },
  'zh-CN': { title: 'Vedette 仍在监控', body: '它在系统托盘中。可在托盘菜单中退出，或在设置中改为关闭时退出。' },
} as const;

/** Say where the window went, the first time that it hides. */
export function showTrayHint(language: keyof typeof TEXTS, icon: string): void {
  if (Notification.isSupported()) new Notification({ ...TEXTS[language], icon, silent: true }).show();
}

import { app, Menu, type MenuItemConstructorOptions } from 'electron';

const TEXTS = {
  en: {
    file: 'File',
    edit: 'Edit',
    view: 'View',
    window: 'Window',
    help: 'Help',
    close: 'Close window',
    shortcuts: 'Keyboard shortcuts',
    about: 'About',
    settings: 'Settings…',
  },
  'zh-CN': {
    file: '文件',
    edit: '编辑',
    view: '视图',
    window: '窗口',
    help: '帮助',
    close: '关闭窗口',
    shortcuts: '键盘快捷键',
    about: '关于',
    settings: '设置…',
  },
} as const;

/** The application menu: standard roles, so that copy, paste and zoom work everywhere, and three ways into the pages. */
export function setAppMenu(
  language: keyof typeof TEXTS,
  platform: NodeJS.Platform,
  open: (path: string) => void,
): void {
  const text = TEXTS[language];
  const go = (label: string, path: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      open(path);
    },
  });
  const isMac = platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: text.file,
      submenu: [
        go(text.settings, '/settings', 'CmdOrCtrl+,'),
        { type: 'separator' },
        { role: 'close', label: text.close },
        ...(isMac ? [] : [{ role: 'quit' } satisfies MenuItemConstructorOptions]),
      ],
    },
    { label: text.edit, role: 'editMenu' },
    {
      label: text.view,
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } satisfies MenuItemConstructorOptions]),
      ],
    },
    { label: text.window, role: 'windowMenu' },
    {
      label: text.help,
      role: 'help',
      submenu: [go(text.shortcuts, '/settings?section=shortcuts'), go(text.about, '/settings?section=about')],
    },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}

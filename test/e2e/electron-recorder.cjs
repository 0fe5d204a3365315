// Loaded into a real Electron's main process before the application: keeps what the application asks the system for, and
// lets everything happen nevertheless, except opening addresses in the browser of whoever runs the tests.
const { Menu, Notification, shell, Tray } = require('electron');

const recorded = { notifications: [], opened: [], tray: null };
globalThis.vedetteRecorded = recorded;

const show = Notification.prototype.show;
Notification.prototype.show = function () {
  const { title, body, urgency } = this;
  recorded.notifications.push({ title, body, urgency, click: () => this.emit('click', {}) });
  return show.call(this);
};

shell.openExternal = (url) => {
  recorded.opened.push(url);
  return Promise.resolve();
};

const describe = (menu) =>
  menu.items.map(({ label, type, enabled, submenu }) => ({
    label: type === 'separator' ? 'separator' : label,
    enabled,
    ...(submenu ? { submenu: describe(submenu) } : {}),
  }));
const find = (menu, label) => {
  for (const item of menu.items) {
    if (item.label === label) return item;
    const inside = item.submenu instanceof Menu ? find(item.submenu, label) : null;
    if (inside) return inside;
  }
  return null;
};
const setContextMenu = Tray.prototype.setContextMenu;
Tray.prototype.setContextMenu = function (menu) {
  recorded.tray = { items: describe(menu), click: (label) => find(menu, label).click() };
  return setContextMenu.call(this, menu);
};

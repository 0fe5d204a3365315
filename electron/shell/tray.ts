import { app, Menu, nativeImage, Tray, type MenuItemConstructorOptions, type NativeImage } from 'electron';
import { join } from 'node:path';
import type { TrayAction, TrayIcon, TrayItem, TrayModel } from '../../shared/model/tray-model.ts';

export interface TrayOptions {
  /** The folder of the tray images. */
  readonly images: string;
  readonly platform: NodeJS.Platform;
  /** Whether the desktop shows tray icons at all. */
  readonly isShown: boolean;
  readonly onAction: (action: TrayAction) => void;
  readonly onClick: () => void;
}

export interface TrayPresenter {
  present(model: TrayModel): void;
  /** False where the system has no tray; closing must then not hide the window. */
  exists(): boolean;
  destroy(): void;
}

/** Show a tray model. A menu is always set: on Linux a click on the icon is not dependable. */
export function createTray(options: TrayOptions): TrayPresenter {
  const images = new Map<TrayIcon, NativeImage>();
  const image = (icon: TrayIcon): NativeImage => {
    const made =
      images.get(icon) ?? nativeImage.createFromPath(join(options.images, imageName(icon, options.platform)));
    images.set(icon, made);
    return made;
  };
  let tray: Tray | null = null;
  let shown = '';
  if (options.isShown) {
    tray = new Tray(image('ok'));
    tray.on('click', options.onClick);
  }
  return {
    present(model) {
      if (options.platform !== 'win32') app.setBadgeCount(model.count);
      if (tray === null) return;
      const key = JSON.stringify(model);
      if (key === shown) return;
      shown = key;
      tray.setImage(image(model.icon));
      tray.setToolTip(model.tooltip);
      if (options.platform === 'darwin') tray.setTitle(model.count > 0 ? String(model.count) : '');
      tray.setContextMenu(Menu.buildFromTemplate(model.items.map(template)));
    },
    exists: () => tray !== null,
    destroy() {
      tray?.destroy();
      tray = null;
    },
  };

  function template(item: TrayItem): MenuItemConstructorOptions {
    switch (item.kind) {
      case 'separator':
        return { type: 'separator' };
      case 'line':
        return { label: item.label, enabled: false };
      case 'submenu':
        return { label: item.label, submenu: item.items.map(template) };
      case 'action':
        return {
          label: item.label,
          click: () => {
            options.onAction(item.action);
          },
        };
    }
  }
}

/** macOS colours a template image itself; Windows takes an icon file; Linux a PNG of 22 px and its double. */
function imageName(icon: TrayIcon, platform: NodeJS.Platform): string {
  if (platform === 'darwin') return `${icon}Template.png`;
  return platform === 'win32' ? `${icon}.ico` : `${icon}.png`;
}

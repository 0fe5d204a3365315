import { fileURLToPath } from 'node:url';

/** Where the parts of the application lie. */
export interface AppFiles {
  readonly preload: string;
  /** The built interface. */
  readonly interface: string;
  readonly icon: string;
  readonly trayImages: string;
}

/** @param baseUrl `import.meta.url` of the composition root, which is built into `dist/electron/` */
export function appFiles(baseUrl: string): AppFiles {
  const path = (relative: string): string => fileURLToPath(new URL(relative, baseUrl));
  return {
    preload: path('./preload.cjs'),
    interface: path('../renderer'),
    icon: path('../../assets/icon.png'),
    trayImages: path('../../assets/tray'),
  };
}

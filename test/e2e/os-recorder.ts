export interface ShownPopup {
  readonly title: string;
  readonly body: string;
  readonly urgency: string;
}

export interface MenuItem {
  readonly label: string;
  readonly enabled: boolean;
  readonly submenu?: readonly MenuItem[];
}

export interface ShownWindow {
  readonly visible: boolean;
  readonly url: string;
}

/**
 * What the application asked the operating system for, and what a person or the system does outside of the page. A host
 * that has no such thing (a server has no tray) refuses with a sentence.
 */
export interface OsRecorder {
  /** Popups in the order in which they were shown. */
  notifications(): Promise<ShownPopup[]>;
  clickNotification(index: number): Promise<void>;
  /** Addresses handed to the system's browser. */
  opened(): Promise<string[]>;
  trayMenu(): Promise<MenuItem[]>;
  clickTrayMenu(label: string): Promise<void>;
  suspend(): Promise<void>;
  resume(): Promise<void>;
  /** Start the application again while it runs. */
  secondInstance(argv: readonly string[]): Promise<void>;
  windows(): Promise<ShownWindow[]>;
  closeWindow(): Promise<void>;
}

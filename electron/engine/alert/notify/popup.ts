/** A native notification, ready to show. */
export interface Popup {
  /** A popup with the same id takes the place of the one before. */
  readonly id: string;
  /** What belongs together in the list of the desktop, where it has groups. */
  readonly groupId: string;
  readonly kind: 'firing' | 'resolved' | 'test';
  readonly title: string;
  /** macOS shows it below the title; elsewhere it is left out. */
  readonly subtitle: string;
  readonly body: string;
  readonly urgency: 'critical' | 'normal' | 'low';
  /** It stays until someone dismisses it. */
  readonly isSticky: boolean;
  readonly isSilent: boolean;
  /** The alert that a click leads to; null where it stands for several. */
  readonly alert: { readonly fingerprint: string; readonly at: number } | null;
}

export type PopupOutcome = { readonly delivered: true } | { readonly delivered: false; readonly reason: string };

/** Whatever shows popups: node-notifier, or Electron in the shell. */
export interface PopupPort {
  /** Show or replace. A desktop that takes a popup may still hold it back (do not disturb); nobody can tell. */
  show(popup: Popup): Promise<PopupOutcome>;
  /** Take a popup away where the desktop can; nothing happens where it cannot. */
  close(id: string): void;
}

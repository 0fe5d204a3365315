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
  /** Its buttons, where the desktop has any. */
  readonly actions: readonly { readonly action: PopupAction; readonly label: string }[];
}

export type PopupAction = 'acknowledge' | 'snooze' | 'open';

/** A button that acts on an alert was pressed; `open` is for whoever owns the window. */
export interface PopupPress {
  /** Its fingerprint. */
  readonly alert: string;
  readonly action: Exclude<PopupAction, 'open'>;
}

/** `note` says what a person should know of a popup that the desktop took. */
export type PopupOutcome =
  { readonly delivered: true; readonly note?: string } | { readonly delivered: false; readonly reason: string };

/** Whatever shows popups: the session bus, node-notifier, or Electron in the shell. */
export interface PopupPort {
  /** Show or replace. A desktop that takes a popup may still hold it back (do not disturb); nobody can tell. */
  show(popup: Popup): Promise<PopupOutcome>;
  /** Take a popup away where the desktop can; nothing happens where it cannot. */
  close(id: string): void;
  /** Where there are buttons: call back when one is pressed. */
  onPress?(listener: (press: PopupPress) => void): void;
  /** Let go of the desktop. */
  stop?(): void;
}

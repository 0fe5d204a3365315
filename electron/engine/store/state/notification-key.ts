/** Which channel of which receiver told about which group of alerts. */
export interface NotificationKey {
  readonly groupKey: string;
  readonly receiver: string;
  /** The channel inside the receiver: its kind and its place among those of its kind, such as `webhook[0]`. */
  readonly channel: string;
}

/** What a channel was told last about a group: the fingerprints of its firing and resolved alerts. */
export interface NotificationLogEntry extends NotificationKey {
  readonly at: number;
  readonly firing: readonly string[];
  readonly resolved: readonly string[];
}

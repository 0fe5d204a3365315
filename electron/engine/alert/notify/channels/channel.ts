import type { ChannelKind, ChannelOptions } from '../../../config/channels/channel-schemas.ts';
import type { NotificationData } from '../../template/notification-data.ts';
import type { Notification } from '../../route/notification.ts';
import type { HttpAnswer, Verdict } from '../webhook.ts';

/** What a channel makes its message of. */
export interface ChannelContext {
  readonly notification: Notification;
  readonly data: NotificationData;
  readonly nowMs: number;
  /** Expand a text of the configuration, or one of the defaults. @throws RenderFailure */
  readonly render: (text: string) => string;
  /** The same, with values escaped for HTML. @throws RenderFailure */
  readonly renderHtml: (text: string) => string;
  /** A secret of the channel by its key; undefined where none is configured. */
  readonly secret: (key: string) => string | undefined;
}

/** A template that cannot be expanded: the message never leaves, and trying again would end the same. */
export class RenderFailure extends Error {}

/** One request to a service. */
export interface HttpMessage {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless the headers say otherwise. */
  readonly body: string;
}

/** A service that takes messages over HTTP: how one is written, and what its answers mean. No more than that is here. */
export interface HttpChannel<Kind extends ChannelKind> {
  readonly build: (options: ChannelOptions<Kind>, context: ChannelContext) => HttpMessage;
  readonly judge: (answer: HttpAnswer) => Verdict;
  /** A token that is asked for before the message, where the service wants one. */
  readonly login?: (options: ChannelOptions<Kind>, context: ChannelContext) => HttpLogin;
}

/** How a token is had; it is kept until the service refuses it or it is old. */
export interface HttpLogin {
  readonly url: string;
  readonly read: (answer: HttpAnswer) => { readonly ok: true; readonly token: string } | { readonly ok: false; readonly verdict: Verdict }; // prettier-ignore
  /** Puts the token into a message. */
  readonly attach: (message: HttpMessage, token: string) => HttpMessage;
  /** Whether an answer says that the token is no longer good. */
  readonly isExpired: (answer: HttpAnswer) => boolean;
}

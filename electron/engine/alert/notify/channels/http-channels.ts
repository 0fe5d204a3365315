import type { ChannelKind } from '../../../config/channels/channel-schemas.ts';
import { aliyunSms } from './aliyun-sms.ts';
import type { HttpChannel } from './channel.ts';
import { dingtalk } from './dingtalk.ts';
import { discord } from './discord.ts';
import { feishu } from './feishu.ts';
import { gotify } from './gotify.ts';
import { msteams, msteamsv2 } from './msteams.ts';
import { ntfy } from './ntfy.ts';
import { pagerduty } from './pagerduty.ts';
import { pushover } from './pushover.ts';
import { slack } from './slack.ts';
import { telegram } from './telegram.ts';
import { twilio } from './twilio.ts';
import { webex } from './webex.ts';
import { wechat } from './wechat.ts';
import { wecom } from './wecom.ts';

/** Channels that are not a request over HTTP. */
export type OtherKind = 'email' | 'file' | 'command';
export type HttpKind = Exclude<ChannelKind, OtherKind>;

/** Every service that takes messages over HTTP, by its kind. */
export const HTTP_CHANNELS: { readonly [Kind in HttpKind]: HttpChannel<Kind> } = {
  aliyun_sms: aliyunSms,
  dingtalk,
  discord,
  feishu,
  gotify,
  msteams,
  msteamsv2,
  ntfy,
  pagerduty,
  pushover,
  slack,
  telegram,
  twilio,
  webex,
  wechat,
  wecom,
};

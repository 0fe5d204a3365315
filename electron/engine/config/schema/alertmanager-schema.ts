import { z } from 'zod';
import { httpClientShape } from './http-client-schema.ts';
import {
  anyMapping,
  boolean,
  count,
  duration,
  severityLevel,
  labelMap,
  pattern,
  strict,
  text,
  texts,
} from './values.ts';

/** Source for all of this file: Alertmanager manual, "Configuration". */
export const alertmanagerSection = strict({
  global: strict({
    resolve_timeout: duration.optional(),
    http_config: strict(httpClientShape).optional(),
    ...Object.fromEntries(globalKeys().map((key) => [key, z.unknown().optional()])),
  }).optional(),
  route: z.unknown().optional(),
  receivers: z.array(z.unknown()).optional(),
  inhibit_rules: z.array(z.unknown()).optional(),
  templates: texts.optional(),
  time_intervals: z.array(z.unknown()).optional(),
  mute_time_intervals: z.array(z.unknown()).optional(),
  tracing: anyMapping.optional(),
});

function globalKeys(): string[] {
  const smtp = [
    'from',
    'hello',
    'smarthost',
    'auth_username',
    'auth_password',
    'auth_password_file',
    'auth_secret',
    'auth_secret_file',
    'auth_identity',
    'require_tls',
    'tls_config',
    'force_implicit_tls',
  ].map((key) => `smtp_${key}`);
  const withFile = [
    'slack_api_url',
    'slack_app_token',
    'opsgenie_api_key',
    'wechat_api_secret',
    'victorops_api_key',
    'telegram_bot_token',
    'rocketchat_token',
    'rocketchat_token_id',
    'mattermost_webhook_url',
  ].flatMap((key) => [key, `${key}_file`]);
  const plain = [
    'slack_app_url',
    'pagerduty_url',
    'opsgenie_api_url',
    'wechat_api_url',
    'wechat_api_corp_id',
    'victorops_api_url',
    'telegram_api_url',
    'webex_api_url',
    'rocketchat_api_url',
    'jira_api_url',
  ];
  return [...smtp, ...withFile, ...plain];
}

/** Zero is refused where Alertmanager would spin on it. */
const positiveDuration = duration.refine((ms) => ms > 0, {
  message: 'The interval cannot be zero.',
  params: { remedy: 'Write a duration above 0.' },
});

const matchers = z.preprocess((value) => (typeof value === 'string' ? [value] : value), texts);
const patterns = z.record(z.string(), pattern);

export const routeEntry = strict({
  receiver: text().optional(),
  group_by: texts.optional(),
  group_wait: duration.optional(),
  group_interval: positiveDuration.optional(),
  repeat_interval: positiveDuration.optional(),
  match: labelMap.optional(),
  match_re: patterns.optional(),
  matchers: matchers.optional(),
  continue: boolean.optional(),
  mute_time_intervals: texts.optional(),
  active_time_intervals: texts.optional(),
  labels: labelMap.optional(),
  routes: z.array(z.unknown()).optional(),
  /** Only here: who is told as well while nobody acknowledges. */
  escalate: z.array(strict({ after: positiveDuration, receiver: text() })).optional(),
});
export type RawRoute = z.output<typeof routeEntry>;

export const inhibitRule = strict({
  name: text().optional(),
  source_match: labelMap.optional(),
  source_match_re: patterns.optional(),
  source_matchers: matchers.optional(),
  target_match: labelMap.optional(),
  target_match_re: patterns.optional(),
  target_matchers: matchers.optional(),
  sources: z.array(anyMapping).optional(),
  equal: texts.optional(),
});
export type RawInhibitRule = z.output<typeof inhibitRule>;

/** Channels that Alertmanager has and that are only known by name here. */
export const OTHER_CHANNELS = [
  'discord',
  'email',
  'incidentio',
  'jira',
  'mattermost',
  'msteams',
  'msteamsv2',
  'opsgenie',
  'pagerduty',
  'pushover',
  'rocketchat',
  'slack',
  'sns',
  'telegram',
  'victorops',
  'webex',
  'wechat',
] as const;

/** Channels that exist only here. */
export const OWN_CHANNELS = [
  'dingtalk',
  'wecom',
  'feishu',
  'ntfy',
  'gotify',
  'twilio',
  'aliyun_sms',
  'file',
  'command',
] as const;

export const desktopChannel = strict({ send_resolved: boolean.optional(), min_severity: severityLevel.optional() });

export const webhookChannel = strict({
  send_resolved: boolean.optional(),
  min_severity: severityLevel.optional(),
  url: text().optional(),
  url_file: text().optional(),
  max_alerts: count.optional(),
  headers: labelMap.optional(),
  http_config: strict(httpClientShape).optional(),
  timeout: duration.optional(),
  payload: z.unknown().optional(),
});
export type RawWebhook = z.output<typeof webhookChannel>;

const channelList = z.array(z.unknown()).optional();

export const receiverEntry = strict({
  name: text(),
  labels: labelMap.optional(),
  desktop_configs: channelList,
  webhook_configs: channelList,
  ...(Object.fromEntries(
    [...OTHER_CHANNELS, ...OWN_CHANNELS].map((kind) => [`${kind}_configs`, channelList]),
  ) as Record<`${(typeof OTHER_CHANNELS | typeof OWN_CHANNELS)[number]}_configs`, typeof channelList>),
});
export type RawReceiver = z.output<typeof receiverEntry>;

export const timeInterval = strict({
  name: text(),
  time_intervals: z.array(z.unknown()).optional(),
});

/** A single word stands for a list of one. */
const words = z.preprocess((value) => (typeof value === 'string' ? [value] : value), texts);

export const timeIntervalParts = strict({
  times: z.array(strict({ start_time: text().optional(), end_time: text().optional() })).optional(),
  weekdays: words.optional(),
  days_of_month: words.optional(),
  months: words.optional(),
  years: words.optional(),
  location: text().optional(),
});

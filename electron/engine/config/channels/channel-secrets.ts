import type { ChannelKind } from './channel-schemas.ts';

/**
 * The secrets of each kind by the key that holds them, and the key of the global section that stands in for it.
 * Each may come from a file instead, under the same key with `_file`.
 */
export const CHANNEL_SECRETS: Readonly<Record<ChannelKind, Readonly<Record<string, string | null>>>> = {
  email: { auth_password: 'smtp_auth_password', auth_secret: 'smtp_auth_secret' },
  slack: { api_url: 'slack_api_url', app_token: 'slack_app_token' },
  pagerduty: { routing_key: null, service_key: null },
  discord: { webhook_url: null },
  telegram: { bot_token: 'telegram_bot_token', chat_id: null },
  msteams: { webhook_url: null },
  msteamsv2: { webhook_url: null },
  pushover: { user_key: null, token: null },
  wechat: { api_secret: 'wechat_api_secret' },
  webex: {},
  dingtalk: { url: null, secret: null },
  wecom: { url: null },
  feishu: { url: null, secret: null },
  ntfy: { token: null },
  gotify: { token: null },
  twilio: { auth_token: null },
  aliyun_sms: { access_key_secret: null },
  file: {},
  command: {},
};

/** Plain settings of the global section that stand in for keys of a channel. */
export const CHANNEL_DEFAULTS: Partial<Readonly<Record<ChannelKind, Readonly<Record<string, string>>>>> = {
  email: {
    from: 'smtp_from',
    hello: 'smtp_hello',
    smarthost: 'smtp_smarthost',
    auth_username: 'smtp_auth_username',
    auth_identity: 'smtp_auth_identity',
    require_tls: 'smtp_require_tls',
    force_implicit_tls: 'smtp_force_implicit_tls',
    tls_config: 'smtp_tls_config',
  },
  slack: { app_url: 'slack_app_url' },
  pagerduty: { url: 'pagerduty_url' },
  telegram: { api_url: 'telegram_api_url' },
  wechat: { api_url: 'wechat_api_url', corp_id: 'wechat_api_corp_id' },
  webex: { api_url: 'webex_api_url' },
};

/** Alertmanager tells of the end unless it is one of these. Source: its manual, `send_resolved`. */
export const SILENT_ON_RESOLVED: ReadonlySet<string> = new Set(['email', 'slack', 'wechat']);

import type { OTHER_CHANNELS, OWN_CHANNELS } from './schema/alertmanager-schema.ts';
import { below, problemAt } from './problem.ts';
import type { Findings, Place } from './problem.ts';

type Mapping = Readonly<Record<string, unknown>>;
type Kind = (typeof OTHER_CHANNELS | typeof OWN_CHANNELS)[number];

/** What a channel needs to be let in: a key of its own, or one of the global section; each may come from a file. */
interface Credential {
  readonly own: string;
  /** The key of the global section; null where there is none. */
  readonly global: string | null;
  /** What is said where neither is given; null where it may be missing. */
  readonly missing: string | null;
}

/** Source: Alertmanager, config.go and notifiers.go; the sentences are those of its `check-config`. */
const CREDENTIALS: Partial<Readonly<Record<Kind, readonly Credential[]>>> = {
  email: [
    { own: 'auth_password', global: 'smtp_auth_password', missing: null },
    { own: 'auth_secret', global: 'smtp_auth_secret', missing: null },
  ],
  mattermost: [
    {
      own: 'webhook_url',
      global: 'mattermost_webhook_url',
      missing: 'missing webhook_url or webhook_url_file on mattermost_config',
    },
  ],
  opsgenie: [
    {
      own: 'api_key',
      global: 'opsgenie_api_key',
      missing: 'no global OpsGenie API Key set either inline or in a file',
    },
  ],
  rocketchat: [
    { own: 'token', global: 'rocketchat_token', missing: 'no global Rocketchat Token set either inline or in a file' },
    {
      own: 'token_id',
      global: 'rocketchat_token_id',
      missing: 'no global Rocketchat TokenID set either inline or in a file',
    },
  ],
  telegram: [
    {
      own: 'bot_token',
      global: 'telegram_bot_token',
      missing: 'missing bot_token or bot_token_file on telegram_config',
    },
  ],
  victorops: [{ own: 'api_key', global: 'victorops_api_key', missing: 'no global VictorOps API Key set' }],
  wechat: [{ own: 'api_secret', global: 'wechat_api_secret', missing: 'no global Wechat Api Secret set' }],
  discord: [{ own: 'webhook_url', global: null, missing: 'one of webhook_url or webhook_url_file must be configured' }],
  msteams: [{ own: 'webhook_url', global: null, missing: 'one of webhook_url or webhook_url_file must be configured' }],
  msteamsv2: [
    { own: 'webhook_url', global: null, missing: 'one of webhook_url or webhook_url_file must be configured' },
  ],
  pushover: [
    { own: 'user_key', global: null, missing: 'one of user_key or user_key_file must be configured' },
    { own: 'token', global: null, missing: 'one of token or token_file must be configured' },
  ],
  incidentio: [
    { own: 'url', global: null, missing: 'one of url or url_file must be configured' },
    { own: 'alert_source_token', global: null, missing: null },
  ],
  sns: [],
};

const GLOBAL_PAIRS = [
  ...Object.values(CREDENTIALS).flatMap((list) => list.flatMap(({ global }) => (global === null ? [] : [global]))),
  'slack_api_url',
  'slack_app_token',
];

/** Keys of the global section that exclude each other. */
export function checkGlobalCredentials(global: Mapping, place: Place, findings: Findings): void {
  const refuse = (message: string, key: string): void => {
    findings.problems.push(problemAt(below(place, key), `${message}.`, 'Keep one of them.', 'key'));
  };
  for (const key of GLOBAL_PAIRS) {
    if (isGiven(global, key) && isGiven(global, `${key}_file`)) {
      refuse(`at most one of ${key} & ${key}_file must be configured`, `${key}_file`);
    }
  }
  const hasToken = isGivenEither(global, 'slack_app_token');
  const isBotAddress = global['slack_api_url'] === SLACK_BOT_URL;
  if (hasToken && isGivenEither(global, 'slack_api_url') && !isBotAddress) {
    refuse(
      'at most one of slack_app_token/slack_app_token_file & slack_api_url/slack_api_url_file must be configured',
      'slack_app_token',
    );
  }
}

/** Where messages of a bot are posted, as against the hooks of an app. */
export const SLACK_BOT_URL = 'https://slack.com/api/chat.postMessage';

/** Whether one channel has what it needs. */
export function checkChannelCredentials(
  kind: Kind,
  raw: Mapping,
  global: Mapping,
  place: Place,
  findings: Findings,
): void {
  const refuse = (message: string, remedy: string): void => {
    findings.problems.push(problemAt(place, `${message}.`, remedy));
  };
  for (const { own, global: shared, missing } of CREDENTIALS[kind] ?? []) {
    if (isGiven(raw, own) && isGiven(raw, `${own}_file`)) {
      refuse(`at most one of ${own} & ${own}_file must be configured`, 'Keep one of them.');
    }
    const isKnown = isGivenEither(raw, own) || (shared !== null && isGivenEither(global, shared));
    if (!isKnown && missing !== null) refuse(missing, `Add "${own}", or "${own}_file" with the path of a file.`);
  }
  if (kind === 'slack') checkSlack(raw, global, refuse);
  if (kind === 'sns') checkSns(raw, refuse);
  if (kind === 'pagerduty') checkPagerDuty(raw, refuse);
}

type Refuse = (message: string, remedy: string) => void;

function checkSlack(raw: Mapping, global: Mapping, refuse: Refuse): void {
  for (const own of ['api_url', 'app_token'] as const) {
    if (isGiven(raw, own) && isGiven(raw, `${own}_file`)) {
      refuse(`at most one of ${own} & ${own}_file must be configured`, 'Keep one of them.');
    }
  }
  const ownAddress = isGivenEither(raw, 'api_url');
  const ownToken = isGivenEither(raw, 'app_token');
  if (ownAddress && ownToken && raw['api_url'] !== SLACK_BOT_URL) {
    refuse(
      'at most one of app_token/app_token_file & api_url/api_url_file must be configured',
      'Keep the hook of an app or the token of a bot.',
    );
  }
  const isReachable =
    ownAddress || ownToken || isGivenEither(global, 'slack_api_url') || isGivenEither(global, 'slack_app_token');
  if (!isReachable) {
    refuse(
      'no Slack API URL nor App token set either inline or in a file',
      'Add "api_url" (the hook of an app) or "app_token".',
    );
  }
  const address = ownAddress ? raw['api_url'] : ownToken ? undefined : global['slack_api_url'];
  if (raw['update_message'] === 'true' && typeof address === 'string' && address !== SLACK_BOT_URL) {
    refuse(
      `update_message can only be used with bot tokens. api_url must be set to ${SLACK_BOT_URL}`,
      'Give the token of a bot, or remove "update_message".',
    );
  }
}

function checkSns(raw: Mapping, refuse: Refuse): void {
  const targets = ['target_arn', 'topic_arn', 'phone_number'].filter((key) => isGiven(raw, key));
  if (targets.length !== 1) {
    refuse(
      'must provide either a Target ARN, Topic ARN, or Phone Number for SNS config',
      'Give one of target_arn, topic_arn and phone_number.',
    );
  }
}

function checkPagerDuty(raw: Mapping, refuse: Refuse): void {
  for (const key of ['routing_key', 'service_key'] as const) {
    if (isGiven(raw, key) && isGiven(raw, `${key}_file`)) {
      refuse(`at most one of ${key} & ${key}_file must be configured`, 'Keep one of them.');
    }
  }
  if (!isGivenEither(raw, 'routing_key') && !isGivenEither(raw, 'service_key')) {
    refuse('missing service or routing key in PagerDuty config', 'Add "routing_key".');
  }
}

function isGiven(raw: Mapping, key: string): boolean {
  const value = raw[key];
  return value !== undefined && value !== null && value !== '';
}

function isGivenEither(raw: Mapping, key: string): boolean {
  return isGiven(raw, key) || isGiven(raw, `${key}_file`);
}

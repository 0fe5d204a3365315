import type { Secret, SentChannelConfig } from '../configuration.ts';
import { resolveBeside } from '../file-pattern.ts';
import { below, problemAt } from '../problem.ts';
import type { Findings, Place } from '../problem.ts';
import { fileSecret, secretFrom } from '../secret.ts';
import { isWebUrl } from '../schema/values.ts';
import { validate } from '../validate.ts';
import type { PlainMap, PlainValue } from '../yaml-source.ts';
import { CHANNEL_DEFAULTS, CHANNEL_SECRETS, SILENT_ON_RESOLVED } from './channel-secrets.ts';
import { CHANNEL_SCHEMAS, type ChannelKind } from './channel-schemas.ts';

type Mapping = Readonly<Record<string, unknown>>;

/** Keys that say how a channel is reached, and not what it says. */
const COMMON_KEYS = new Set(['send_resolved', 'min_severity', 'http_config', 'timeout']);

/**
 * Read one entry of `…_configs`; what it leaves out comes from the global section.
 *
 * @param directory of the file, for the paths in it
 * @returns null when it is wrong, with the problems in the findings
 */
export function readChannel(
  kind: ChannelKind,
  entry: PlainValue,
  global: Mapping,
  place: Place,
  directory: string,
  findings: Findings,
): SentChannelConfig | null {
  const before = findings.problems.length;
  const raw: Mapping | undefined = validate(CHANNEL_SCHEMAS[kind], withDefaults(kind, entry, global), place, findings);
  if (raw === undefined) return null;
  const secrets = readSecrets(kind, raw, global, place, directory, findings);
  checkTogether(kind, raw, secrets, place, findings);
  if (findings.problems.length > before) return null;
  const secretKeys = new Set(Object.keys(CHANNEL_SECRETS[kind]).flatMap((key) => [key, `${key}_file`]));
  const options = Object.entries(raw).filter(([key]) => !COMMON_KEYS.has(key) && !secretKeys.has(key));
  // The schema of the kind has checked the options; the type cannot follow the kind through a record.
  return {
    kind,
    sendResolved: raw['send_resolved'] ?? !SILENT_ON_RESOLVED.has(kind),
    ...(raw['min_severity'] === undefined ? {} : { minSeverity: raw['min_severity'] }),
    timeoutMs: raw['timeout'] ?? null,
    headers: headersOf(raw['http_config'] as HttpConfig | undefined),
    ...credentialsOf(raw['http_config'] as HttpConfig | undefined),
    secrets,
    options: Object.fromEntries(options),
  } as SentChannelConfig;
}

/** Plain settings of the global section under the channel's own keys. */
function withDefaults(kind: ChannelKind, entry: PlainValue, global: Mapping): PlainValue {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return entry;
  const own = entry as PlainMap;
  const inherited = Object.entries(CHANNEL_DEFAULTS[kind] ?? {}).flatMap(([key, from]) => {
    const value = global[from] as PlainValue | undefined;
    return value === undefined || (own[key] ?? null) !== null ? [] : [[key, value] as const];
  });
  return { ...own, ...Object.fromEntries(inherited) };
}

function readSecrets(
  kind: ChannelKind,
  raw: Mapping,
  global: Mapping,
  place: Place,
  directory: string,
  findings: Findings,
): Readonly<Record<string, Secret>> {
  const found: Record<string, Secret> = {};
  for (const [key, shared] of Object.entries(CHANNEL_SECRETS[kind])) {
    const own = secretIn(raw, key, directory);
    const secret = own ?? (shared === null ? null : secretIn(global, shared, directory));
    if (secret === null) continue;
    found[key] = secret;
    const text = raw[key];
    const isAddress = key.endsWith('url');
    // An address may hold a token, so it is not repeated.
    if (isAddress && typeof text === 'string' && secret.kind === 'inline' && !isWebUrl(text)) {
      const message = 'The address is not a URL with http or https and a host.';
      findings.problems.push(problemAt(below(place, key), message, 'Write it like https://host:port/path.'));
    }
  }
  // A hook of one's own goes before the token of everyone, and a token of one's own before everyone's hook.
  if (kind === 'slack') preferOwn(raw, found, ['api_url', 'app_token']);
  return found;
}

function secretIn(from: Mapping, key: string, directory: string): Secret | null {
  const [value, file] = [from[key], from[`${key}_file`]];
  if (typeof value === 'string' && value !== '') return secretFrom(value);
  return typeof file === 'string' && file !== '' ? fileSecret(resolveBeside(directory, file)) : null;
}

function preferOwn(raw: Mapping, found: Record<string, Secret>, keys: readonly [string, string]): void {
  const isOwn = (key: string): boolean => raw[key] !== undefined || raw[`${key}_file`] !== undefined;
  for (const [key, other] of [keys, [keys[1], keys[0]]] as const) {
    if (isOwn(key) && !isOwn(other)) Reflect.deleteProperty(found, other);
  }
}

/** What must be there for a channel that Alertmanager does not have, and what excludes one another. */
function checkTogether(
  kind: ChannelKind,
  raw: Mapping,
  secrets: Readonly<Record<string, Secret>>,
  place: Place,
  findings: Findings,
): void {
  const refuse = (message: string, remedy: string): void => {
    findings.problems.push(problemAt(place, message, remedy));
  };
  const needed: Partial<Record<ChannelKind, readonly string[]>> = {
    dingtalk: ['url'],
    wecom: ['url'],
    feishu: ['url'],
    gotify: ['token'],
    twilio: ['auth_token'],
    aliyun_sms: ['access_key_secret'],
    telegram: ['chat_id'],
  };
  for (const key of needed[kind] ?? []) {
    if (secrets[key] === undefined) refuse(`"${key}" is missing.`, `Add "${key}", or "${key}_file" with the path of a file.`); // prettier-ignore
  }
  if (kind === 'email') {
    if (raw['smarthost'] === undefined) refuse('no global SMTP smarthost set.', 'Add "smarthost", or "smtp_smarthost" to "global".'); // prettier-ignore
    if (raw['from'] === undefined) refuse('no global SMTP from set.', 'Add "from", or "smtp_from" to "global".');
    checkHeaders(raw['headers'] as Readonly<Record<string, string>> | undefined, refuse);
  }
  if (kind === 'twilio' && (raw['from'] === undefined) === (raw['messaging_service_sid'] === undefined)) {
    refuse('One of "from" and "messaging_service_sid" must be given.', 'Give the number or the service that sends.');
  }
  if (kind === 'pushover' && raw['html'] === true && raw['monospace'] === true) {
    refuse('at most one of monospace & html must be configured.', 'Keep one of them.');
  }
  if (kind === 'command' && (raw['command'] as readonly string[]).length === 0) {
    refuse('"command" is empty.', 'Write the program and its arguments as a list.');
  }
}

function checkHeaders(
  headers: Readonly<Record<string, string>> | undefined,
  refuse: (message: string, remedy: string) => void,
): void {
  const seen = new Set<string>();
  for (const name of Object.keys(headers ?? {})) {
    if (seen.has(name.toLowerCase())) refuse(`duplicate header "${name}" in email config.`, 'Remove one.');
    seen.add(name.toLowerCase());
  }
}

interface HttpConfig {
  readonly http_headers?: Readonly<Record<string, { readonly values?: readonly string[] | undefined }>> | undefined;
  readonly authorization?: { readonly type?: string | undefined; readonly credentials?: string | undefined; readonly credentials_file?: string | undefined } | undefined; // prettier-ignore
  readonly basic_auth?: { readonly username?: string | undefined; readonly password?: string | undefined; readonly password_file?: string | undefined } | undefined; // prettier-ignore
}

function headersOf(http: HttpConfig | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(http?.http_headers ?? {}).flatMap(([name, header]) =>
      header.values === undefined ? [] : [[name, header.values.join(', ')] as const],
    ),
  );
}

function credentialsOf(http: HttpConfig | undefined): Pick<SentChannelConfig, 'authorization' | 'basicAuth'> {
  const secret = (inline: string | undefined, file: string | undefined): Secret =>
    inline === undefined ? fileSecret(file ?? '') : secretFrom(inline);
  const { authorization, basic_auth: basic } = http ?? {};
  return {
    authorization:
      authorization === undefined
        ? null
        : {
            type: authorization.type ?? 'Bearer',
            credentials: secret(authorization.credentials, authorization.credentials_file),
          },
    basicAuth:
      basic === undefined
        ? null
        : { username: basic.username ?? '', usernameFile: null, password: secret(basic.password, basic.password_file) },
  };
}

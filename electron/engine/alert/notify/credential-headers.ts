import type { RevealSecret } from '../../collect/reveal-secret.ts';
import type { SentChannelConfig } from '../../config/configuration.ts';

/** The header that `authorization` or `basic_auth` of a channel ask for. */
export async function credentialHeaders(
  { authorization, basicAuth }: Pick<SentChannelConfig, 'authorization' | 'basicAuth'>,
  reveal: RevealSecret,
): Promise<
  | { readonly ok: true; readonly headers: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly message: string }
> {
  const secret = authorization?.credentials ?? basicAuth?.password;
  if (secret === undefined) return { ok: true, headers: {} };
  const reading = await reveal(secret);
  if (!reading.ok) return reading;
  const value = reading.value.trim();
  if (authorization !== null) return { ok: true, headers: { authorization: `${authorization.type} ${value}` } };
  const pair = Buffer.from(`${basicAuth?.username ?? ''}:${value}`).toString('base64');
  return { ok: true, headers: { authorization: `Basic ${pair}` } };
}

import { createHash } from 'node:crypto';
import type { SentChannelConfig } from '../../config/configuration.ts';
import { explainNetworkError } from '../../collect/network-problem.ts';
import type { ChannelContext } from './channels/channel.ts';
import type { Verdict } from './webhook.ts';

export type EmailChannelConfig = Extract<SentChannelConfig, { kind: 'email' }>;

/** What a mail server says, as nodemailer gives it. */
interface MailFault extends Error {
  readonly code?: string;
  readonly responseCode?: number;
  readonly response?: string;
}

/**
 * Send a notification as a mail. TLS is asked for unless `require_tls` is false, as with Alertmanager.
 *
 * @throws RenderFailure
 */
export async function sendEmail(
  { options }: EmailChannelConfig,
  context: ChannelContext,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Verdict> {
  const { render, renderHtml, secret } = context;
  const [, host = '', port = ''] = /^\[?(.*?)\]?:(\d+)$/.exec(options.smarthost ?? '') ?? [];
  const isImplicit = options.force_implicit_tls ?? port === '465';
  const headers = Object.entries(options.headers ?? {}).map(([name, value]) => [name, render(value)] as const);
  const own = new Map(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const from = render(options.from ?? '');
  const recipients = render(options.to);
  // The first mail of a group opens a thread that the later ones belong to.
  const thread = `<${createHash('sha256').update(context.notification.groupKey).digest('hex').slice(0, 32)}@vedette>`;
  const message = {
    from: own.get('from') ?? from,
    to: own.get('to') ?? recipients,
    envelope: { from: bareAddress(from), to: recipients.split(',').map(bareAddress) },
    subject: own.get('subject') ?? render('{{ template "email.default.subject" . }}'),
    html: renderHtml(options.html ?? '{{ template "email.default.html" . }}'),
    text: render(options.text ?? '{{ template "vedette.chat.text" . }}'),
    headers: headers
      .filter(([name]) => !['from', 'to', 'subject'].includes(name.toLowerCase()))
      .map(([key, value]) => ({ key, value })),
    ...(options.threading?.enabled === false ? {} : { inReplyTo: thread, references: thread }),
  };
  const user = options.auth_username ?? '';
  const password = secret('auth_password') ?? secret('auth_secret');
  // Loaded with the first mail.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port: Number(port),
    secure: isImplicit,
    requireTLS: !isImplicit && (options.require_tls ?? true),
    ignoreTLS: options.require_tls === false && !isImplicit,
    ...(options.hello === undefined ? {} : { name: options.hello }),
    ...(user === '' || password === undefined ? {} : { auth: { user, pass: password } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    tls: {
      rejectUnauthorized: options.tls_config?.insecure_skip_verify !== true,
      ...(options.tls_config?.server_name === undefined ? {} : { servername: options.tls_config.server_name }),
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const cut = (): void => {
    transport.close();
  };
  signal.addEventListener('abort', cut, { once: true });
  try {
    const { response, rejected } = await transport.sendMail(message);
    if (rejected.length === 0) return { kind: 'delivered', words: response };
    return { kind: 'refused', words: `${response} (not to ${rejected.map(String).join(', ')})` };
  } catch (error) {
    return verdictOf(error as MailFault, host);
  } finally {
    signal.removeEventListener('abort', cut);
    transport.close();
  }
}

/** A code of 4xx is worth another try, one of 5xx is final; so is a name or a certificate that is not taken. */
function verdictOf(fault: MailFault, host: string): Verdict {
  const said = fault.response ?? fault.message;
  if (fault.responseCode !== undefined && fault.responseCode >= 500) return { kind: 'refused', words: said };
  if (fault.code === 'EAUTH') return { kind: 'refused', words: said };
  const isNetwork = fault.responseCode === undefined && fault.code !== 'EENVELOPE' && fault.code !== 'EMESSAGE';
  return { kind: 'retry', words: isNetwork ? explainNetworkError(fault, host).message : said, afterMs: 0 };
}

/** `Kim <kim@example.org>` is `kim@example.org` to the server. */
function bareAddress(address: string): string {
  return (/<([^<>]+)>\s*$/.exec(address)?.[1] ?? address).trim();
}

import type { Socket } from 'node:net';
import { hostname } from 'node:os';
import { formatEndpoint } from '../../config/index.ts';
import type { SmtpCheckConfig } from '../../config/index.ts';
import { openConnection, revealOrFail, secureConnection } from './connect.ts';
import { converse } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, runProbe } from './run-probe.ts';
import type { ProbeRun } from './run-probe.ts';
import { shorten } from './shorten.ts';
import { sentTooMuch } from './tcp-probe.ts';

/** A mail server: greeting, EHLO, STARTTLS, a login where one is configured, and a polite QUIT. Source: RFC 5321, 3207, 4954. */
export function createSmtpProbe(config: SmtpCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { endpoint, tls, security, login } = config;
  const address = formatEndpoint(endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        let socket: Socket = await openConnection(run, ports, endpoint, config);
        if (security === 'implicit') socket = await secureConnection(run, ports, socket, endpoint.host, tls);
        let smtp = speakSmtp(run, converse(socket), address);
        run.awaited = 'did not greet';
        const greeting = await smtp.reply('220', 'greeting');
        run.note('greeting', shorten(greeting[0] ?? ''));
        const ehlo = `EHLO ${config.ehlo ?? (hostname() || 'localhost')}`;
        let extensions = await smtp.ask(ehlo, '250', 'EHLO');
        if (security === 'starttls') {
          if (!offers(extensions, 'STARTTLS')) {
            throw new ProbeFailure('down', 'starttls', `${address} does not offer STARTTLS.`);
          }
          await smtp.ask('STARTTLS', '220', 'STARTTLS');
          if (!smtp.release()) throw sentTooMuch(address);
          socket = await secureConnection(run, ports, socket, endpoint.host, tls);
          smtp = speakSmtp(run, converse(socket), address);
          extensions = await smtp.ask(ehlo, '250', 'EHLO');
        }
        run.note('extensions', extensions.slice(1).join(', '));
        if (login !== null) {
          const password = await revealOrFail(login.password, ports.revealSecret);
          const methods = extensions.find((line) => /^AUTH[ =]/i.test(line)) ?? '';
          await logIn(smtp, methods, login.username, password, address);
        }
        smtp.quit();
        return judgeExpiry(run.certificate, config.certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

interface Smtp {
  /** Wait for a reply with this code; its lines without the code. Any other code fails the run. */
  reply(code: string, to: string): Promise<string[]>;
  ask(command: string, code: string, name: string): Promise<string[]>;
  quit(): void;
  release(): boolean;
}

function speakSmtp(run: ProbeRun, conversation: Conversation, address: string): Smtp {
  async function reply(code: string, to: string): Promise<string[]> {
    const lines: string[] = [];
    for (;;) {
      const line = await conversation.readLine();
      const [, digits, separator, text = ''] = /^(\d{3})([ -]?)(.*)$/.exec(line) ?? [];
      if (digits === undefined) {
        throw new ProbeFailure('down', 'protocol', `${address} does not speak SMTP; it said "${shorten(line)}".`);
      }
      lines.push(text);
      if (separator === '-') continue;
      if (digits === code) return lines;
      throw refused(digits, to, lines, address);
    }
  }
  return {
    reply,
    async ask(command, code, name) {
      run.awaited = `did not answer ${name}`;
      conversation.write(`${command}\r\n`);
      return reply(code, name);
    },
    quit() {
      conversation.write('QUIT\r\n');
    },
    release: () => conversation.release(),
  };
}

/** What a reply code of refusal means. Source: RFC 5321, 4.2; RFC 4954, 6. */
function refused(code: string, to: string, lines: readonly string[], address: string): ProbeFailure {
  const said = `${code} ${shorten(lines.join(' '))}`.trim();
  if (code === '535' || code === '530' || code === '534') {
    return new ProbeFailure('unknown', 'credentials', `${address} refuses the login (${said}). Correct the password.`);
  }
  if (code === '421' || code === '554') {
    return new ProbeFailure('down', 'refused', `${address} takes no mail from this machine now (${said}).`);
  }
  const outcome = code.startsWith('4') ? 'degraded' : 'down';
  return new ProbeFailure(
    outcome,
    'answer',
    `${address} answered ${to === 'greeting' ? 'with' : `${to} with`} ${said}.`,
  );
}

function offers(extensions: readonly string[], name: string): boolean {
  return extensions.some((line) => line.toUpperCase().split(' ')[0] === name);
}

async function logIn(smtp: Smtp, methods: string, username: string, password: string, address: string): Promise<void> {
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  if (/\bPLAIN\b/i.test(methods)) {
    await smtp.ask(`AUTH PLAIN ${base64(`\0${username}\0${password}`)}`, '235', 'the login');
  } else if (/\bLOGIN\b/i.test(methods)) {
    await smtp.ask('AUTH LOGIN', '334', 'the login');
    await smtp.ask(base64(username), '334', 'the login');
    await smtp.ask(base64(password), '235', 'the login');
  } else {
    const offered = methods === '' ? 'no login at all' : `only ${methods}`;
    const message = `${address} offers ${offered}, not PLAIN or LOGIN. Many servers offer them after STARTTLS alone.`;
    throw new ProbeFailure('unknown', 'credentials', message);
  }
}

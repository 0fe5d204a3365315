import type { Socket } from 'node:net';
import { formatEndpoint } from '../../config/index.ts';
import type { ImapCheckConfig } from '../../config/index.ts';
import { openConnection, revealOrFail, secureConnection } from './connect.ts';
import { converse } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, runProbe } from './run-probe.ts';
import type { ProbeRun } from './run-probe.ts';
import { shorten } from './shorten.ts';
import { sentTooMuch } from './tcp-probe.ts';

/** A mailbox server: greeting, capabilities, STARTTLS, a login where one is configured, LOGOUT. Source: RFC 9051. */
export function createImapProbe(config: ImapCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { endpoint, tls, security, login } = config;
  const address = formatEndpoint(endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        let socket: Socket = await openConnection(run, ports, endpoint, config);
        if (security === 'implicit') socket = await secureConnection(run, ports, socket, endpoint.host, tls);
        let conversation = converse(socket);
        run.awaited = 'did not greet';
        const greeting = await conversation.readLine();
        judgeGreeting(greeting, address);
        run.note('greeting', shorten(greeting.replace(/^\* OK\s*/i, '')));
        if (security === 'starttls') {
          await command(run, conversation, 'STARTTLS', address);
          if (!conversation.release()) throw sentTooMuch(address);
          socket = await secureConnection(run, ports, socket, endpoint.host, tls);
          conversation = converse(socket);
        }
        const answers = await command(run, conversation, 'CAPABILITY', address);
        const capabilities = answers.find((line) => /^\* CAPABILITY /i.test(line))?.slice('* CAPABILITY '.length) ?? '';
        run.note('capabilities', capabilities);
        if (login !== null) {
          if (/\bLOGINDISABLED\b/i.test(capabilities)) {
            const message = `${address} allows no login before the connection is secured. Set "security".`;
            throw new ProbeFailure('unknown', 'credentials', message);
          }
          const password = await revealOrFail(login.password, ports.revealSecret);
          await command(run, conversation, `LOGIN ${quoted(login.username)} ${quoted(password)}`, address);
        }
        conversation.write('z LOGOUT\r\n');
        return judgeExpiry(run.certificate, config.certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

function judgeGreeting(line: string, address: string): void {
  if (/^\* (?:OK|PREAUTH)\b/i.test(line)) return;
  if (/^\* BYE\b/i.test(line)) {
    throw new ProbeFailure('down', 'refused', `${address} takes no connection now: ${shorten(line.slice(6))}.`);
  }
  throw new ProbeFailure('down', 'protocol', `${address} does not speak IMAP; it said "${shorten(line)}".`);
}

/** Send a command and read to its end; the lines before it. */
async function command(
  run: ProbeRun,
  conversation: Conversation,
  text: string,
  address: string,
): Promise<readonly string[]> {
  const [name = ''] = text.split(' ');
  run.awaited = `did not answer ${name}`;
  conversation.write(`a ${text}\r\n`);
  const lines: string[] = [];
  for (;;) {
    const line = await conversation.readLine();
    const [, result, words = ''] = /^a (OK|NO|BAD)\b\s*(.*)$/i.exec(line) ?? [];
    if (result === undefined) {
      lines.push(line);
      continue;
    }
    if (result.toUpperCase() === 'OK') return lines;
    const message = `${address} refuses ${name} (${shorten(words)}).`;
    if (name !== 'LOGIN') throw new ProbeFailure('down', 'answer', message);
    throw new ProbeFailure('unknown', 'credentials', `${message} Correct the user or the password.`);
  }
}

/** Source: RFC 9051, `quoted`. */
function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/[\r\n]/g, '')}"`;
}

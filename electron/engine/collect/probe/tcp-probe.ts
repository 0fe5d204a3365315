import { RE2JS } from 're2js';
import type { Socket } from 'node:net';
import { formatEndpoint } from '../../config/index.ts';
import type { TcpCheckConfig } from '../../config/index.ts';
import { openConnection, secureConnection } from './connect.ts';
import { converse } from './conversation.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, runProbe } from './run-probe.ts';
import type { ProbeRun, Verdict } from './run-probe.ts';
import { shorten } from './shorten.ts';

/** A connection, what is said over it, and its certificate. Source: blackbox_exporter, `tcp` prober. */
export function createTcpProbe(config: TcpCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const address = formatEndpoint(config.endpoint);
  const dialogue = config.dialogue.map((step) => ({
    ...step,
    pattern: step.expect === null ? null : RE2JS.compile(step.expect),
  }));
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run): Promise<Verdict> => {
        const { endpoint, tls } = config;
        let isRegexFailure = false;
        run.onEnd(() => {
          run.add('probe_failed_due_to_regex', isRegexFailure ? 1 : 0);
        });
        let socket: Socket = await openConnection(run, ports, endpoint, config);
        if (config.isSecure) socket = await secureConnection(run, ports, socket, endpoint.host, tls);
        let conversation = converse(socket);
        for (const { pattern, send, startTls } of dialogue) {
          let line: string | null = null;
          if (pattern !== null) {
            isRegexFailure = true;
            line = await expectLine(run, conversation, pattern, address);
            isRegexFailure = false;
            run.note('answer', shorten(line));
          }
          if (send !== null) {
            const words = pattern === null || line === null ? send : expand(pattern, line, send);
            conversation.write(`${words}\n`);
          }
          if (!startTls) continue;
          if (!conversation.release()) throw sentTooMuch(address);
          socket = await secureConnection(run, ports, socket, endpoint.host, tls);
          conversation = converse(socket);
        }
        return judgeExpiry(run.certificate, config.certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

/** Read lines until one matches. */
async function expectLine(
  run: ProbeRun,
  conversation: ReturnType<typeof converse>,
  pattern: RE2JS,
  address: string,
): Promise<string> {
  run.awaited = `did not send a line that matches ${pattern.pattern()}`;
  let last: string | null = null;
  for (;;) {
    let line: string;
    try {
      line = await conversation.readLine();
    } catch (error) {
      if (last === null || run.signal.aborted) throw error;
      const message = `${address} hung up without a line that matches ${pattern.pattern()}; its last one was "${shorten(last)}".`;
      throw new ProbeFailure('down', 'answer', message);
    }
    if (pattern.matcher(line).find()) return line;
    last = line;
    run.awaited = `did not send a line that matches ${pattern.pattern()} (the last was "${shorten(last)}")`;
  }
}

/** Put the groups of a match into `$1` and `${name}`. Source: Go, `regexp.Expand`. */
function expand(pattern: RE2JS, line: string, template: string): string {
  const matcher = pattern.matcher(line);
  if (!matcher.find()) return template;
  const names = pattern.namedGroups();
  return template.replaceAll(/\$(?:\$|\{(\w+)\}|(\w+))/g, (whole, braced?: string, plain?: string) => {
    const name = braced ?? plain;
    if (name === undefined) return '$';
    const index = /^\d+$/.test(name) ? Number(name) : names[name];
    if (index === undefined || index > matcher.groupCount()) return whole === '$' ? '$' : '';
    return matcher.group(index) ?? '';
  });
}

/** What comes before the handshake is not protected and could be taken for what comes after. */
export function sentTooMuch(address: string): ProbeFailure {
  return new ProbeFailure('down', 'protocol', `${address} sent more than an answer before TLS began; that is refused.`);
}

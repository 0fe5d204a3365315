import { getServers } from 'node:dns';
import { RE2JS } from 're2js';
import { formatEndpoint, parseEndpoint } from '../../config/index.ts';
import type { DnsCheckConfig, Endpoint, RecordRules } from '../../config/index.ts';
import { askNameServer } from './dns-exchange.ts';
import type { DnsExchange } from './dns-exchange.ts';
import type { DnsMessage, DnsRecord } from './dns-message.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, UP, runProbe } from './run-probe.ts';
import type { ProbeRun, Verdict } from './run-probe.ts';
import { shorten } from './shorten.ts';

/** A name server and what it says of a name. Source: blackbox_exporter, `dns` prober. */
export function createDnsProbe(config: DnsCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  return {
    run(signal) {
      const server = config.server ?? firstNameServer();
      const address = server === null ? 'This machine' : formatEndpoint(server);
      return runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run): Promise<Verdict> => {
        if (server === null) {
          throw new ProbeFailure('unknown', 'dns-server', 'This machine has no name server. Set "server".');
        }
        let made: DnsExchange | null = null;
        run.onEnd(() => {
          addSamples(run, made, config);
        });
        made = await askNameServer(run, ports, server, config);
        return judge(run, made.message, config, address);
      });
    },
  };
}

function firstNameServer(): Endpoint | null {
  const [first] = getServers();
  return first === undefined ? null : parseEndpoint(first, 53);
}

function addSamples(run: ProbeRun, made: DnsExchange | null, { typeName }: DnsCheckConfig): void {
  const phase = (name: string, ms: number): void => {
    run.add('probe_dns_duration_seconds', ms / 1000, { phase: name });
  };
  phase('resolve', run.phases.resolve);
  phase('connect', made?.connectMs ?? 0);
  phase('request', made?.requestMs ?? 0);
  run.add('probe_dns_query_succeeded', made === null ? 0 : 1);
  run.add('probe_dns_answer_rrs', made?.message.answer.length ?? 0);
  run.add('probe_dns_authority_rrs', made?.message.authority.length ?? 0);
  run.add('probe_dns_additional_rrs', made?.message.additional.length ?? 0);
  if (typeName === 'SOA' && made !== null) run.add('probe_dns_serial', made.message.serial ?? 0);
}

function judge(run: ProbeRun, message: DnsMessage, config: DnsCheckConfig, address: string): Verdict {
  const { rcodes, name, typeName, expect } = config;
  run.note('rcode', message.rcode);
  if (message.answer.length > 0) run.note('records', shorten(message.answer.map(({ data }) => data).join(', '), 300));
  const down = (code: string, text: string): Verdict => ({ outcome: 'down', reason: { code, message: text } });
  if (!rcodes.includes(message.rcode)) {
    const accepted = rcodes.join(', ');
    return down('rcode', `${address} answers ${name} ${typeName} with ${message.rcode}, and ${accepted} is accepted.`);
  }
  const found = new Set(message.answer.map(({ data }) => plain(data)));
  const missing = expect.filter((value) => !found.has(plain(value)));
  if (missing.length > 0) {
    const said = found.size === 0 ? 'nothing' : shorten([...found].join(', '));
    return down('answer', `${address} answers ${name} ${typeName} with ${said}, without ${missing.join(', ')}.`);
  }
  for (const section of ['answer', 'authority', 'additional'] as const) {
    const fault = breakRule(message[section], config[section]);
    if (fault !== null) return down('records', `Of ${name} ${typeName} from ${address}, the ${section}: ${fault}.`);
  }
  return UP;
}

/** As people write values: without quotes and the final dot, in small letters. */
function plain(value: string): string {
  return value.replaceAll('"', '').replace(/\.$/, '').toLowerCase();
}

/**
 * The first rule that the records break; null when they break none.
 *
 * `failIfAllMatch` means the opposite of its name: blackbox_exporter fails a probe when **not** all records match it, and
 * the configurations that people have rely on that.
 */
function breakRule(records: readonly DnsRecord[], rules: RecordRules): string | null {
  const texts = records.map(({ text }) => text);
  const { failIfMatches, failIfAllMatch, failIfNotMatches, failIfNoneMatches } = rules;
  const required = [...failIfNotMatches, ...failIfNoneMatches];
  if (texts.length === 0 && required.length > 0) return `there is no record that could match ${required.join(' or ')}`;
  const matchers = new Map(
    [...failIfMatches, ...failIfAllMatch, ...required].map((text) => [text, RE2JS.compile(text)]),
  );
  const matches = (pattern: string, text: string): boolean => matchers.get(pattern)?.matcher(text).find() === true;
  const one = (text: string): string => `"${shorten(text.replaceAll('\t', ' '))}"`;
  for (const text of texts) {
    const forbidden = failIfMatches.find((pattern) => matches(pattern, text));
    if (forbidden !== undefined) return `${one(text)} matches ${forbidden}`;
    const unmet = failIfNotMatches.find((pattern) => !matches(pattern, text));
    if (unmet !== undefined) return `${one(text)} does not match ${unmet}`;
  }
  const partly = failIfAllMatch.find((pattern) => texts.some((text) => !matches(pattern, text)));
  if (partly !== undefined) return `not all records match ${partly}`;
  const isNone = failIfNoneMatches.length > 0 && !texts.some((text) => failIfNoneMatches.some((p) => matches(p, text)));
  return isNone ? `no record matches ${failIfNoneMatches.join(' or ')}` : null;
}

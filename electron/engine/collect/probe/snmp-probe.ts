import type snmp from 'net-snmp';
import type { Session, User, Varbind } from 'net-snmp';
import { formatEndpoint } from '../../config/index.ts';
import type { SnmpCheckConfig, SnmpValue } from '../../config/index.ts';
import { revealOrFail } from './connect.ts';
import { resolveOne } from './resolve-one.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, UP, runProbe } from './run-probe.ts';
import type { ProbeRun, Verdict } from './run-probe.ts';
import { shorten } from './shorten.ts';

/** Values of an SNMP agent. Every number becomes a series; one outside of its limits is degraded. */
export function createSnmpProbe(config: SnmpCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { endpoint, values } = config;
  const address = formatEndpoint(endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        // Loaded when the first check needs it.
        const { default: library } = await import('net-snmp');
        const session = await openSession(library, run, ports, config, timeoutMs);
        run.awaited = `did not answer${config.access.version === '3' ? '' : ' (an agent is silent when the community is wrong)'}`;
        const varbinds = await get(session, values, address);
        return judge(library, run, values, varbinds, address);
      }),
  };
}

/** The library, passed on as it is loaded late. */
type Library = typeof snmp;

async function openSession(
  library: Library,
  run: ProbeRun,
  ports: ProbePorts,
  { endpoint, access }: SnmpCheckConfig,
  timeoutMs: number,
): Promise<Session> {
  const { address, family } = await resolveOne(run, ports, endpoint.host, null);
  run.remoteAddress = address;
  // The library asks again by itself; the signal of the run is what ends it.
  const retries = 2;
  const options = {
    port: endpoint.port,
    transport: family === 6 ? ('udp6' as const) : ('udp4' as const),
    retries,
    timeout: Math.max(250, Math.floor(timeoutMs / (retries + 1))),
  };
  const reveal = (secret: Parameters<typeof revealOrFail>[0]): Promise<string> =>
    revealOrFail(secret, ports.revealSecret);
  let session: Session;
  if (access.version === '3') {
    const { auth, privacy } = access;
    const { SecurityLevel, AuthProtocols, PrivProtocols } = library;
    const user: User = {
      name: access.username,
      level:
        auth === null
          ? SecurityLevel.noAuthNoPriv
          : privacy === null
            ? SecurityLevel.authNoPriv
            : SecurityLevel.authPriv,
      ...(auth === null ? {} : { authProtocol: AuthProtocols[auth.protocol], authKey: await reveal(auth.key) }),
      ...(privacy === null
        ? {}
        : { privProtocol: PrivProtocols[privacy.protocol], privKey: await reveal(privacy.key) }),
    };
    session = library.createV3Session(address, user, { ...options, version: library.Version3 });
  } else {
    const version = access.version === '1' ? library.Version1 : library.Version2c;
    session = library.createSession(address, await reveal(access.community), { ...options, version });
  }
  session.on('error', () => undefined);
  run.onEnd(() => session.close());
  return session;
}

function get(session: Session, values: readonly SnmpValue[], address: string): Promise<readonly Varbind[]> {
  return new Promise((resolve, reject) => {
    session.get(
      values.map(({ oid }) => oid),
      (error: Error | null, varbinds?: Varbind[]) => {
        if (error === null) resolve(varbinds ?? []);
        else reject(explain(error, address));
      },
    );
  });
}

/** The library tells its errors apart by name; those of the system keep their code. */
function explain(error: Error, address: string): Error {
  if (typeof (error as { code?: unknown }).code === 'string') return error;
  if (error.name === 'RequestTimedOutError') {
    const message = `${address} does not answer. An agent is silent when the community is wrong, too.`;
    return new ProbeFailure('down', 'timeout', message);
  }
  if (/usmStats|authenti|unknown user|wrong digest|decrypt|not in time window/i.test(error.message)) {
    return new ProbeFailure('unknown', 'credentials', `${address} refuses the user or its keys (${error.message}).`);
  }
  if (error.name === 'RequestFailedError' || error.name === 'ResponseInvalidError') {
    return new ProbeFailure('down', 'answer', `${address} refuses the question: ${shorten(error.message)}.`);
  }
  return error;
}

function judge(
  library: Library,
  run: ProbeRun,
  values: readonly SnmpValue[],
  varbinds: readonly Varbind[],
  address: string,
): Verdict {
  const missing: string[] = [];
  const outside: string[] = [];
  for (const [index, { name, min, max }] of values.entries()) {
    const varbind = varbinds[index];
    if (varbind === undefined || library.isVarbindError(varbind)) {
      missing.push(name);
      continue;
    }
    const isCounter64 = varbind.type === library.ObjectType.Counter64;
    const text = textOf(varbind, isCounter64);
    run.note(name, shorten(text));
    const number = numberOf(varbind, text, isCounter64);
    if (number === null) continue;
    run.add('vedette_check_snmp_value', number, { name, oid: varbind.oid });
    if ((min !== null && number < min) || (max !== null && number > max)) {
      outside.push(
        `${name} is ${text}, outside of ${min === null ? '' : String(min)}–${max === null ? '' : String(max)}`,
      );
    }
  }
  if (missing.length > 0) {
    const message = `${address} has no ${missing.join(', ')}. Is the OID complete, with its instance?`;
    return { outcome: missing.length === values.length ? 'unknown' : 'degraded', reason: { code: 'missing', message } };
  }
  if (outside.length > 0) {
    return { outcome: 'degraded', reason: { code: 'limit', message: `At ${address}, ${outside.join('; ')}.` } };
  }
  return UP;
}

function textOf({ value }: Varbind, isCounter64: boolean): string {
  if (isCounter64 && Buffer.isBuffer(value)) return String(bigintOf(value));
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return String(value);
}

/** Numbers, and texts that are one, as some agents give loads and temperatures. */
function numberOf({ value }: Varbind, text: string, isCounter64: boolean): number | null {
  if (typeof value === 'number') return value;
  if (isCounter64) return Number(text);
  return /^-?\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : null;
}

function bigintOf(bytes: Buffer): bigint {
  return bytes.length === 0 ? 0n : BigInt(`0x${bytes.toString('hex')}`);
}

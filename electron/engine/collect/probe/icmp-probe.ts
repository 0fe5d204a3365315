import { connect } from 'node:net';
import type { IcmpCheckConfig } from '../../config/index.ts';
import type { PingEvent } from './ping-output.ts';
import { startPing } from './ping-process.ts';
import type { PingEnd, PingProcess } from './ping-process.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { resolveOne } from './resolve-one.ts';
import { ProbeFailure, UP, runProbe } from './run-probe.ts';
import type { ProbeRun, Verdict } from './run-probe.ts';

/** A name may get another address; after this the process is started again with the one that it has then. */
const LONGEST_RUN_MS = 600_000;

/** How the probe reaches the `ping` of the machine; another one in tests. */
export type StartPing = (config: IcmpCheckConfig, address: string, platform: NodeJS.Platform) => PingProcess;

/**
 * Round trip, loss and jitter by the system's `ping`, which runs on between the runs, so that each run judges what was
 * seen since the one before. Where this program may not ping, TCP tells whether the machine is alive.
 */
export function createIcmpProbe(
  config: IcmpCheckConfig,
  timeoutMs: number,
  ports: ProbePorts,
  start: StartPing = startPing,
): Probe {
  const { clock } = ports;
  const { host } = config;
  let ping: PingProcess | null = null;
  let startedAt = 0;
  let address = '';
  const stop = (): void => {
    ping?.stop();
    ping = null;
  };
  return {
    close: stop,
    run: (signal) =>
      runProbe({ clock, address: host, timeoutMs }, signal, async (run): Promise<Verdict> => {
        run.awaited = 'did not answer a ping';
        let setupMs = 0;
        if (ping?.ended !== null || clock.monotonic() - startedAt > LONGEST_RUN_MS) {
          stop();
          ({ address } = await resolveOne(run, ports, host, config.ip));
          startedAt = clock.monotonic();
          ping = start(config, address, process.platform);
          setupMs = clock.monotonic() - startedAt;
        }
        run.remoteAddress = address;
        run.add('probe_icmp_duration_seconds', run.phases.resolve / 1000, { phase: 'resolve' });
        run.add('probe_icmp_duration_seconds', setupMs / 1000, { phase: 'setup' });
        const soft = softLimit(run, ports, timeoutMs);
        const events = await collect(ping, config.packets, soft);
        if (ping.ended !== null && events.length === 0) {
          const { ended } = ping;
          stop();
          return await withoutPing(run, config, address, ended, soft);
        }
        return judge(run, events, config);
      }),
  };
}

/** Ends shortly before the run does, which would say "down" where little or nothing is known. */
function softLimit(run: ProbeRun, { clock }: ProbePorts, timeoutMs: number): AbortSignal {
  const limit = new AbortController();
  const cancel = clock.after(timeoutMs - Math.min(500, timeoutMs / 5), () => {
    limit.abort();
  });
  run.onEnd(cancel);
  return limit.signal;
}

/** Wait until enough is known; when time runs out before that, what there is has to do. */
async function collect(ping: PingProcess, packets: number, signal: AbortSignal): Promise<readonly PingEvent[]> {
  const events: PingEvent[] = [];
  const limit = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  for (;;) {
    events.push(...ping.take());
    if (events.length >= packets || ping.ended !== null || signal.aborted) return events;
    await Promise.race([ping.next(), limit]);
  }
}

function judge(run: ProbeRun, events: readonly PingEvent[], config: IcmpCheckConfig): Verdict {
  const { host, maxLossRatio, maxRoundTripMs } = config;
  const replies = events.filter((event) => event.kind === 'reply');
  const losses = events.filter((event) => event.kind === 'lost');
  const lossRatio = events.length === 0 ? 1 : losses.length / events.length;
  run.note('packets', `${String(replies.length)} / ${String(events.length)}`);
  run.add('vedette_check_icmp_loss_ratio', lossRatio);
  const times = replies.map(({ roundTripMs }) => roundTripMs);
  if (times.length === 0) {
    const said = losses.at(-1)?.message ?? '';
    const why = /unreachable|filtered|exceeded/i.test(said) ? ` (${said})` : '';
    const message = `${host} did not answer any of ${String(events.length)} pings${why}. Is it on, or does a firewall drop them?`;
    return { outcome: 'down', reason: { code: 'loss', message } };
  }
  const meanMs = times.reduce((sum, ms) => sum + ms, 0) / times.length;
  const steps = times.slice(1).map((ms, index) => Math.abs(ms - (times[index] ?? ms)));
  const jitterMs = steps.length === 0 ? 0 : steps.reduce((sum, ms) => sum + ms, 0) / steps.length;
  run.latencyMs = meanMs;
  run.add('probe_icmp_duration_seconds', meanMs / 1000, { phase: 'rtt' });
  run.add('vedette_check_icmp_jitter_seconds', jitterMs / 1000);
  run.note('roundTrip', `${meanMs.toFixed(2)} ms`);
  run.note('jitter', `${jitterMs.toFixed(2)} ms`);
  const hopLimit = replies.at(-1)?.hopLimit ?? null;
  if (hopLimit !== null) run.add('probe_icmp_reply_hop_limit', hopLimit);
  if (lossRatio > maxLossRatio) {
    const percent = Math.round(lossRatio * 100);
    const message = `${host} did not answer ${String(losses.length)} of ${String(events.length)} pings (${String(percent)} %).`;
    return { outcome: 'degraded', reason: { code: 'loss', message } };
  }
  if (maxRoundTripMs !== null && meanMs > maxRoundTripMs) {
    const message = `${host} answers pings after ${meanMs.toFixed(1)} ms; ${String(maxRoundTripMs)} ms is the limit.`;
    return { outcome: 'degraded', reason: { code: 'latency', message } };
  }
  return UP;
}

/** That this program cannot ping says nothing of the host. */
async function withoutPing(
  run: ProbeRun,
  config: IcmpCheckConfig,
  address: string,
  end: PingEnd,
  soft: AbortSignal,
): Promise<Verdict> {
  const { host, fallbackPort } = config;
  const { complaint } = end;
  if (/unknown host|Name or service not known|could not find host|No address associated/i.test(complaint)) {
    throw new ProbeFailure('down', 'dns', `The name ${host} does not resolve. Check its spelling.`);
  }
  if (/Network is unreachable/i.test(complaint)) {
    throw new ProbeFailure('unknown', 'network', `This machine has no network that leads to ${host}.`);
  }
  const why =
    end.errorCode === 'ENOENT'
      ? 'there is no ping command on this machine'
      : /not permitted|permission denied|cap_net_raw|SOCK_RAW/i.test(complaint)
        ? 'this program may not ping (it lacks cap_net_raw, and net.ipv4.ping_group_range does not cover its group)'
        : `ping failed (${complaint === '' ? (end.errorCode ?? `exit code ${String(end.exitCode)}`) : complaint})`;
  const answer = await askTcp(run, address, fallbackPort, soft);
  if (answer === 'silent') throw new ProbeFailure('unknown', 'ping', `Cannot tell how ${host} is: ${why}.`);
  run.note('askedBy', `TCP ${String(fallbackPort)}: ${answer}`);
  return UP;
}

/** A refusal is an answer of a living machine. */
function askTcp(run: ProbeRun, host: string, port: number, soft: AbortSignal): Promise<'open' | 'refused' | 'silent'> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    run.onEnd(() => socket.destroy());
    soft.addEventListener('abort', () => resolve('silent'), { once: true });
    socket.on('connect', () => {
      resolve('open');
    });
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      resolve(code === 'ECONNREFUSED' ? 'refused' : 'silent');
    });
  });
}

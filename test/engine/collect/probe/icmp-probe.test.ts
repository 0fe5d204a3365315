import { afterEach, describe, expect, test } from 'vitest';
import { createIcmpProbe } from '../../../../electron/engine/collect/probe/icmp-probe.ts';
import { readPingLine } from '../../../../electron/engine/collect/probe/ping-output.ts';
import type { PingEvent } from '../../../../electron/engine/collect/probe/ping-output.ts';
import type { PingEnd } from '../../../../electron/engine/collect/probe/ping-process.ts';
import type { ProbeResult } from '../../../../electron/engine/collect/probe/probe.ts';
import type { IcmpCheckConfig } from '../../../../electron/engine/config/index.ts';
import { bad, startTcpServer } from '../../../doubles/tcp-server.ts';
import { detailsOf, readProbeConfig, valuesOf } from './ask.ts';
import { probePorts } from './check-settings.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('a line of ping', () => {
  test.each([
    ['64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.026 ms', 1, 0.026, 64],
    ['64 bytes from ::1: icmp_seq=12 ttl=64 time=11.5 ms', 12, 11.5, 64],
    ['16 bytes from fe80::1, icmp_seq=3 hlim=64 time=0.091 ms', 3, 0.091, 64],
    ['Reply from 192.0.2.1: bytes=32 time<1ms TTL=128', null, 1, 128],
  ])('%s is a reply', (line, sequence, roundTripMs, hopLimit) => {
    expect(readPingLine(line)).toEqual({ kind: 'reply', sequence, roundTripMs, hopLimit });
  });

  test.each([
    'no answer yet for icmp_seq=4',
    'Request timeout for icmp_seq 4',
    'From 192.0.2.9 icmp_seq=4 Destination Host Unreachable',
  ])('%s is a loss', (line) => {
    expect(readPingLine(line)).toMatchObject({ kind: 'lost', sequence: 4 });
  });

  test.each(['PING x (192.0.2.1) 56(84) bytes of data.', '64 bytes from x: icmp_seq=1 ttl=64 time=1 ms (DUP!)', ''])(
    '%s tells nothing',
    (line) => {
      expect(readPingLine(line)).toBeNull();
    },
  );
});

describe('an ICMP check', () => {
  const reply = (roundTripMs: number): PingEvent => ({ kind: 'reply', sequence: 1, roundTripMs, hopLimit: 64 });
  const lost: PingEvent = { kind: 'lost', sequence: 1, message: 'no answer yet for icmp_seq=1' };

  interface Play {
    readonly events?: readonly PingEvent[];
    readonly ended?: PingEnd;
    readonly settings?: object;
    readonly timeoutMs?: number;
  }

  /** A run against a ping that says this. */
  async function play({ events = [], ended, settings = {}, timeoutMs = 5000 }: Play): Promise<ProbeResult> {
    const config = readProbeConfig('icmp', { host: '127.0.0.1', ...settings }) as IcmpCheckConfig;
    const probe = createIcmpProbe(config, timeoutMs, probePorts, () => {
      let left = events;
      return {
        ended: ended ?? null,
        take() {
          const taken = left;
          left = [];
          return taken;
        },
        next: () => new Promise(() => undefined),
        stop: () => undefined,
      };
    });
    return probe.run(AbortSignal.timeout(timeoutMs));
  }

  test('is up with round trip, jitter and loss', async () => {
    const result = await play({ events: [reply(10), reply(14), reply(9)] });
    expect(result).toMatchObject({ outcome: 'up', durationMs: 11 });
    expect(detailsOf(result)).toMatchObject({ packets: '3 / 3', jitter: '4.50 ms', roundTrip: '11.00 ms' });
    expect(valuesOf(result)).toMatchObject({
      probe_success: 1,
      'probe_icmp_duration_seconds{rtt}': 0.011,
      probe_icmp_reply_hop_limit: 64,
      vedette_check_icmp_loss_ratio: 0,
      vedette_check_icmp_jitter_seconds: 0.0045,
    });
  });

  test('is degraded with losses or long round trips, down without any answer', async () => {
    const some = await play({ events: [reply(1), lost, reply(1)] });
    expect(some).toMatchObject({ outcome: 'degraded', reason: { code: 'loss' } });
    const slow = await play({ events: [reply(80), reply(90), reply(100)], settings: { max_round_trip: '50ms' } });
    expect(slow).toMatchObject({ outcome: 'degraded', reason: { code: 'latency' } });
    expect(await play({ events: [lost, lost, lost] })).toMatchObject({ outcome: 'down', reason: { code: 'loss' } });
    expect(await play({ events: [lost], timeoutMs: 300 })).toMatchObject({ outcome: 'down', reason: { code: 'loss' } });
  });

  const mayNot: PingEnd = { exitCode: 2, errorCode: null, complaint: 'ping: socktype: SOCK_RAW: Operation not permitted' }; // prettier-ignore

  test('is asked over TCP where this program may not ping, and a refusal proves life', async () => {
    const listening = await startTcpServer(bad.hanging());
    const open = await play({ ended: mayNot, settings: { fallback_port: listening.port } });
    expect(open).toMatchObject({ outcome: 'up' });
    await listening.close();
    const closed = await play({ ended: mayNot, settings: { fallback_port: listening.port } });
    expect(detailsOf(closed)['askedBy']).toBe(`TCP ${String(listening.port)}: refused`);
  });

  test('cannot tell when neither is possible, and says why', async () => {
    const ended = { exitCode: null, errorCode: 'ENOENT', complaint: '' };
    // Nobody is connected to by broadcast: no answer, and no refusal either.
    const result = await play({ ended, settings: { host: '255.255.255.255' }, timeoutMs: 400 });
    expect(result).toMatchObject({ outcome: 'unknown', reason: { code: 'ping' } });
    expect(result.reason?.message).toContain('there is no ping command');
  });

  test('is down when the name does not resolve', async () => {
    const ended = { exitCode: 2, errorCode: null, complaint: 'ping: nosuch: Name or service not known' };
    expect(await play({ ended })).toMatchObject({ outcome: 'down', reason: { code: 'dns' } });
  });
});

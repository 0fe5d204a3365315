import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { formatEndpoint } from '../../config/index.ts';
import type { NtpCheckConfig } from '../../config/index.ts';
import { resolveOne } from './resolve-one.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { ProbeFailure, UP, runProbe } from './run-probe.ts';
import type { ProbeRun, Verdict } from './run-probe.ts';

/** Between 1900, where NTP counts from, and 1970, in milliseconds. */
const NTP_EPOCH_MS = 2_208_988_800_000;
const PACKET_BYTES = 48;

/** A time server: whether it is synchronised, and how far the clock of this machine is from its. Source: RFC 5905. */
export function createNtpProbe(config: NtpCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const address = formatEndpoint(config.endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        const reading = await askTime(run, ports, config);
        note(run, reading);
        return judge(reading, config, address);
      }),
  };
}

interface TimeReading {
  readonly leap: number;
  readonly stratum: number;
  /** Four letters where the stratum is 0: why nothing is told. */
  readonly kiss: string;
  readonly rootDelayMs: number;
  readonly rootDispersionMs: number;
  /** How far ahead the server is of this machine. */
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

async function askTime(run: ProbeRun, ports: ProbePorts, { endpoint }: NtpCheckConfig): Promise<TimeReading> {
  const { clock } = ports;
  const { address, family } = await resolveOne(run, ports, endpoint.host, null);
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  run.onEnd(() => socket.close());
  // The server sends this back, so that a stranger's packet is not taken for the answer.
  const nonce = randomBytes(8);
  const request = Buffer.alloc(PACKET_BYTES);
  request[0] = 0b00_100_011; // leap 0, version 4, mode 3 (client)
  nonce.copy(request, 40);
  return new Promise((resolve, reject) => {
    let sentAt = 0;
    let sentMonotonic = 0;
    socket.on('error', reject);
    socket.on('message', (answer) => {
      const roundTripMs = clock.monotonic() - sentMonotonic;
      if (answer.length < PACKET_BYTES || !answer.subarray(24, 32).equals(nonce)) return;
      resolve(readAnswer(answer, sentAt, roundTripMs));
    });
    socket.connect(endpoint.port, address, () => {
      run.remoteAddress = address;
      sentAt = clock.now();
      sentMonotonic = clock.monotonic();
      socket.send(request, (error) => {
        if (error) reject(error);
      });
    });
  });
}

function readAnswer(answer: Buffer, sentAt: number, roundTripMs: number): TimeReading {
  const timestamp = (at: number): number =>
    (answer.readUInt32BE(at) + answer.readUInt32BE(at + 4) / 2 ** 32) * 1000 - NTP_EPOCH_MS;
  const shortMs = (at: number): number => (answer.readUInt32BE(at) / 2 ** 16) * 1000;
  const [receivedAt, answeredAt] = [timestamp(32), timestamp(40)];
  return {
    leap: answer.readUInt8(0) >> 6,
    stratum: answer.readUInt8(1),
    kiss: answer.toString('latin1', 12, 16).replace(/[^\x20-\x7e]/g, ''),
    rootDelayMs: shortMs(4),
    rootDispersionMs: shortMs(8),
    offsetMs: (receivedAt - sentAt + (answeredAt - (sentAt + roundTripMs))) / 2,
    roundTripMs: roundTripMs - (answeredAt - receivedAt),
  };
}

function note(run: ProbeRun, reading: TimeReading): void {
  run.note('stratum', reading.stratum);
  run.note('clockOffset', `${reading.offsetMs.toFixed(1)} ms`);
  run.add('vedette_check_ntp_stratum', reading.stratum);
  run.add('vedette_check_ntp_leap', reading.leap);
  run.add('vedette_check_ntp_root_delay_seconds', reading.rootDelayMs / 1000);
  run.add('vedette_check_ntp_root_dispersion_seconds', reading.rootDispersionMs / 1000);
  run.add('vedette_check_ntp_round_trip_seconds', reading.roundTripMs / 1000);
  run.add('vedette_check_ntp_offset_seconds', reading.offsetMs / 1000);
}

function judge(reading: TimeReading, config: NtpCheckConfig, address: string): Verdict {
  const { leap, stratum, offsetMs, kiss } = reading;
  const verdict = (outcome: 'degraded' | 'down', code: string, message: string): Verdict => ({
    outcome,
    reason: { code, message },
  });
  if (stratum === 0) {
    if (kiss === 'RATE') throw new ProbeFailure('unknown', 'rate', `${address} is asked too often. Ask less often.`);
    return verdict('down', 'kiss', `${address} tells no time (${kiss === '' ? 'stratum 0' : kiss}).`);
  }
  if (stratum >= 16 || leap === 3) {
    return verdict('down', 'unsynchronised', `${address} answers, but its own clock is not synchronised.`);
  }
  if (stratum > config.maxStratum) {
    const message = `${address} has the stratum ${String(stratum)}; ${String(config.maxStratum)} is the limit.`;
    return verdict('degraded', 'stratum', message);
  }
  if (Math.abs(offsetMs) > config.maxOffsetMs) {
    const side = offsetMs > 0 ? 'behind' : 'ahead of';
    const seconds = (Math.abs(offsetMs) / 1000).toFixed(3);
    const message = `The clock of this machine is ${seconds} s ${side} that of ${address}.`;
    return verdict('degraded', 'offset', `${message} One of the two is wrong.`);
  }
  return UP;
}

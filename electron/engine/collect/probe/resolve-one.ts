import { isIP } from 'node:net';
import type { IpPreference } from '../../config/index.ts';
import { lookUpPreferring } from './connect.ts';
import type { ProbePorts } from './probe.ts';
import type { ProbeRun } from './run-probe.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** One address of a host, timed as the phase `resolve`; an address stands for itself. */
export async function resolveOne(
  run: ProbeRun,
  { clock }: ProbePorts,
  host: string,
  ip: IpPreference | null,
): Promise<ResolvedAddress> {
  const literal = isIP(host);
  if (literal === 4 || literal === 6) return { address: host, family: literal };
  const startedAt = clock.monotonic();
  const awaited = run.awaited;
  run.awaited = 'has a name that was not resolved';
  const found = await new Promise<ResolvedAddress>((resolve, reject) => {
    lookUpPreferring(ip)(host, { all: false }, (error, address, family) => {
      if (error) reject(error);
      else resolve({ address: typeof address === 'string' ? address : '', family: family === 6 ? 6 : 4 });
    });
  });
  run.phases.resolve += clock.monotonic() - startedAt;
  run.awaited = awaited;
  return found;
}

import { formatEndpoint } from '../../config/index.ts';
import type { TlsCheckConfig } from '../../config/index.ts';
import { openConnection, secureConnection } from './connect.ts';
import { judgeExpiry } from './judge-expiry.ts';
import type { Probe, ProbePorts } from './probe.ts';
import { runProbe } from './run-probe.ts';

/** The certificates that a server shows: trusted, for its name, and until when. */
export function createTlsProbe(config: TlsCheckConfig, timeoutMs: number, ports: ProbePorts): Probe {
  const { endpoint, tls, certificateExpiryMs } = config;
  const address = formatEndpoint(endpoint);
  return {
    run: (signal) =>
      runProbe({ clock: ports.clock, address, timeoutMs }, signal, async (run) => {
        const socket = await openConnection(run, ports, endpoint, config);
        await secureConnection(run, ports, socket, endpoint.host, tls);
        return judgeExpiry(run.certificate, certificateExpiryMs, address, ports.clock.now());
      }),
  };
}

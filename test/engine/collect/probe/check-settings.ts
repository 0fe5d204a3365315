import { readProbeConfig } from './read-probe-config.ts';
import type { ProbePorts } from '../../../../electron/engine/collect/probe/probe.ts';
import { JUDGEMENT_DEFAULTS } from '../../../../electron/engine/config/read-judgement.ts';
import { revealSecret } from '../../../../electron/engine/config/index.ts';
import type { CheckConfig, HttpCheckConfig } from '../../../../electron/engine/config/index.ts';
import { systemClock } from '../../../../electron/engine/schedule/index.ts';

/** What probes use, with the system's clock and no secrets but those in the configuration. */
export const probePorts: ProbePorts = {
  clock: systemClock,
  userAgent: 'Vedette/test',
  revealSecret: (secret) =>
    revealSecret(secret, {
      environment: {},
      readFile: () => Promise.reject(new Error('no files here')),
      keychain: null,
    }),
};

/** What a check of one URL asks, with the defaults of the configuration. */
export function httpConfig(url: string, changes: Partial<HttpCheckConfig> = {}): HttpCheckConfig {
  return { ...(readProbeConfig('http', { url }) as HttpCheckConfig), ...changes };
}

/** A check of one URL with the defaults of the configuration. */
export function checkConfig(
  url: string,
  http: Partial<HttpCheckConfig> = {},
  changes: Partial<CheckConfig> = {},
): CheckConfig {
  return {
    name: 'api',
    intervalMs: 30_000,
    timeoutMs: 10_000,
    labels: {},
    judgement: JUDGEMENT_DEFAULTS,
    probe: httpConfig(url, http),
    ...changes,
  };
}

import type { CheckConfig, HttpCheckConfig } from '../../../../electron/engine/config/configuration.ts';

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
    http: {
      url,
      method: 'GET',
      headers: {},
      body: null,
      status: ['2xx'],
      keyword: null,
      json: [],
      followRedirects: true,
      insecureSkipVerify: false,
      ...http,
    },
    ...changes,
  };
}

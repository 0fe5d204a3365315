import { stringify } from 'yaml';
import { type Configuration, describeSecret, type Secret } from './config/index.ts';

/** The entry of one service as YAML: what is set, with secrets as references only. */
export function describeService(
  configuration: Configuration,
  which: { readonly job: string } | { readonly check: string },
): string {
  if ('check' in which) {
    const check = configuration.checks.find((one) => one.name === which.check);
    return check === undefined ? '' : stringify(plain(check));
  }
  const job = configuration.scrapeConfigs.find((one) => one.jobName === which.job);
  return job === undefined ? '' : stringify(plain(job));
}

function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  if (isSecret(value)) return describeSecret(value);
  const entries = Object.entries(value).filter(([, member]) => member !== null && !isEmpty(member));
  return Object.fromEntries(entries.map(([key, member]) => [key, plain(member)]));
}

function isSecret(value: object): value is Secret {
  return 'kind' in value && ['inline', 'environment', 'file', 'keychain'].includes(String(value.kind));
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

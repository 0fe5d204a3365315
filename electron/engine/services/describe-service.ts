import { stringify } from 'yaml';
import { type Configuration, describeConfiguration } from '../config/index.ts';

/** The entry of one service as the file would have it: every default filled in, secrets as references only. */
export function describeService(
  configuration: Configuration,
  which: { readonly job: string } | { readonly check: string },
): string {
  const sections = describeConfiguration(configuration) as Readonly<Record<string, unknown>>;
  const entry =
    'job' in which
      ? entriesOf(sections['scrape_configs']).find((one) => one['job_name'] === which.job)
      : entriesOf(sections['checks']).find((one) => one['name'] === which.check);
  return entry === undefined ? '' : stringify(entry);
}

function entriesOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as Readonly<Record<string, unknown>>[]) : [];
}

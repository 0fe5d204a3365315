import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { buildRoute, matchRoutes } from '../engine/alert/route/index.ts';
import { formatProblem, loadAlertmanagerFile } from '../engine/config/index.ts';
import { wrongUse } from './alerts-command.ts';
import type { Instance } from './instance-client.ts';
import type { ExitCode, Output } from './output.ts';

export interface RoutesTestOptions {
  /** An alertmanager.yml to ask instead of a running instance. */
  readonly configFile: string | null;
  /** Names that must come out, separated by commas; null only prints. */
  readonly verifyReceivers: string | null;
}

/** `vedette alerts routes test LABEL=VALUE…`: the receivers of an alert with these labels, as `amtool config routes test`. */
export async function routesTestCommand(
  instance: () => Instance,
  texts: readonly string[],
  { configFile, verifyReceivers }: RoutesTestOptions,
  output: Output,
): Promise<ExitCode> {
  const labels: Record<string, string> = {};
  for (const text of texts) {
    const [, name, quoted = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
    if (name === undefined) return wrongUse(output, `"${text}" is no label; write it as name=value.`);
    labels[name] = /^".*"$/s.test(quoted) ? quoted.slice(1, -1) : quoted;
  }
  const receivers = configFile === null ? (await instance().client.alerts.routes({ labels })).receivers : await receiversIn(configFile, labels, output); // prettier-ignore
  if (receivers === null) return 1;
  output.out(`${receivers.join(',')}\n`);
  if (verifyReceivers === null || verifyReceivers === receivers.join(',')) return 0;
  output.err(`WARNING: Expected receivers did not match resolved receivers.\n`);
  return 1;
}

async function receiversIn(
  file: string,
  labels: Readonly<Record<string, string>>,
  output: Output,
): Promise<string[] | null> {
  const path = resolve(file);
  const reading = loadAlertmanagerFile(await readFile(path, 'utf8'), path, process.env);
  if (!reading.ok) {
    for (const problem of reading.problems) output.err(`${formatProblem(problem)}\n`);
    return null;
  }
  // A receiver that two routes name is told once for each, so it is listed twice.
  return matchRoutes(buildRoute(reading.value.route), labels).map(({ config }) => config.receiver);
}

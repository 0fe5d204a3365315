import { basename } from 'node:path';
import type { CommandCheckConfig } from '../../../config/index.ts';
import type { RevealSecret } from '../../reveal-secret.ts';
import type { CreateProbe } from '../probe.ts';
import { ProbeFailure, UP } from '../run-probe.ts';
import type { ProbeRun, Verdict } from '../run-probe.ts';
import { runService, verdict } from '../run-service.ts';
import { parseNagiosOutput } from './nagios-output.ts';
import type { PerformanceValue } from './nagios-output.ts';
import { runCommand } from './run-command.ts';
import type { CommandRun } from './run-command.ts';

/** Runs a program and reads its answer as a monitoring plugin's (Nagios, Icinga), or its exit code alone. */
export const createCommandProbe: CreateProbe<CommandCheckConfig> = (config, timeoutMs, { clock, revealSecret }) => {
  const name = basename(config.run[0]);
  const setting = { clock, address: name, timeoutMs, thresholds: config.thresholds };
  return {
    run: (signal) =>
      runService(setting, signal, async (run) => {
        const environment = await environmentOf(config, revealSecret);
        run.awaited = 'did not end and was killed';
        const finished = await start(config, name, environment, signal);
        const secrets = Object.keys(config.environment).map((key) => environment[key] ?? '');
        return judge(finished, config, name, hider(secrets), run);
      }),
  };
};

/** What every program needs to be found and to speak English; nothing else of ours, which may hold secrets. */
const PASSED_ON = ['PATH', 'HOME', 'SystemRoot', 'TEMP', 'TMPDIR'];

async function environmentOf(config: CommandCheckConfig, reveal: RevealSecret): Promise<Record<string, string>> {
  const environment: Record<string, string> = { LC_ALL: 'C.UTF-8' };
  for (const name of PASSED_ON) {
    const value = process.env[name];
    if (value !== undefined) environment[name] = value;
  }
  for (const [name, secret] of Object.entries(config.environment)) {
    const reading = await reveal(secret);
    if (!reading.ok) throw new ProbeFailure('unknown', 'secret', reading.message);
    environment[name] = reading.value;
  }
  return environment;
}

async function start(
  { run, directory }: CommandCheckConfig,
  name: string,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<CommandRun> {
  try {
    return await runCommand(run, { environment, directory, signal });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    switch (code) {
      case 'ENOENT':
        throw new ProbeFailure('unknown', 'missing', `There is no program "${run[0]}" (or no folder ${directory}).`);
      case 'EACCES':
      case 'EPERM':
        throw new ProbeFailure('unknown', 'permission', `"${run[0]}" may not be run by this user.`);
      case 'EAGAIN':
      case 'ENOMEM':
      case 'EMFILE':
        throw new ProbeFailure('unknown', 'local', `This machine could not start ${name} (${code}).`);
      default:
        throw error;
    }
  }
}

/** A program that prints a secret it was given must not carry it into results and logs. */
function hider(secrets: readonly string[]): (text: string) => string {
  const long = secrets.filter((secret) => secret.length >= 4);
  return (text) => long.reduce((shown, secret) => shown.replaceAll(secret, '<secret>'), text);
}

function judge(
  { exitCode, signal, output, errorOutput }: CommandRun,
  { result }: CommandCheckConfig,
  name: string,
  hide: (text: string) => string,
  run: ProbeRun,
): Verdict {
  const read = parseNagiosOutput(hide(output));
  const text = (read.text === '' ? (hide(errorOutput).trim().split('\n').at(-1) ?? '') : read.text).slice(0, 500);
  if (text !== '') run.note('output', text);
  if (read.longText !== '') run.note('moreOutput', read.longText.slice(0, 2000));
  if (exitCode === null) return verdict('unknown', 'signal', `${name} was ended by ${signal ?? 'a signal'}.`);
  run.note('exitCode', exitCode);
  run.add('vedette_check_command_exit_code', exitCode);
  for (const value of read.performance) addPerformance(value, run);
  const message = text === '' ? `${name} ended with ${String(exitCode)} and said nothing.` : `${name}: ${text}`;
  if (exitCode === 0) return UP;
  if (result === 'exit-code') return verdict('down', 'exit-code', message);
  switch (exitCode) {
    case 1:
      return verdict('degraded', 'warning', message);
    case 2:
      return verdict('down', 'critical', message);
  }
  return verdict('unknown', 'unknown', message);
}

function addPerformance({ label, value, unit, ...limits }: PerformanceValue, run: ProbeRun): void {
  const labels = { label, unit };
  if (value !== null) run.add('vedette_check_performance_value', value, labels);
  for (const bound of ['warning', 'critical', 'min', 'max'] as const) {
    const limit = limits[bound];
    if (limit !== null) run.add('vedette_check_performance_limit', limit, { ...labels, bound });
  }
}

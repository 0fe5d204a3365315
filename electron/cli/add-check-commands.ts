import { type Command, InvalidArgumentError } from 'commander';
import { parseDuration } from '../engine/config/index.ts';
import { showCheckCommand } from './checks-command.ts';
import type { Instance } from './instance-client.ts';
import { beginMaintenanceCommand, endMaintenanceCommand, listMaintenanceCommand } from './maintenance-command.ts';
import type { ExitCode, Output } from './output.ts';

/** Which instance a command asks. */
export interface Asking {
  readonly url?: string;
  readonly data?: string;
}

export interface CommandTools {
  /** Adds the options of {@link Asking}. */
  readonly asking: (command: Command) => Command;
  readonly instanceOf: (asking: Asking) => Instance;
  /** Gathers an option that may be repeated. */
  readonly collect: (value: string, before: readonly string[]) => readonly string[];
  readonly finish: (code: ExitCode) => void;
  readonly output: Output;
}

/** `vedette checks …` and `vedette maintenance …`. */
export function addCheckCommands(
  program: Command,
  { asking, instanceOf, collect, finish, output }: CommandTools,
): void {
  const checks = program.command('checks').description('the checks of a running instance');
  asking(checks.command('show').description('uptime, response times and outages of a check').argument('<name>'))
    .option('--json', 'print it as JSON')
    .action(async (name: string, options: Asking & { json?: boolean }) => {
      finish(await showCheckCommand(instanceOf(options), name, options.json === true, output));
    });

  const maintenance = program.command('maintenance').description('times in which checks may fail');
  asking(maintenance.command('list').description('what is going on, and what comes next'))
    .option('--json', 'print it as JSON')
    .action(async (options: Asking & { json?: boolean }) => {
      finish(await listMaintenanceCommand(instanceOf(options), options.json === true, output));
    });
  asking(maintenance.command('begin').description('expect checks to fail: no alerts, and no downtime in their record'))
    .requiredOption('--for <duration>', 'how long, such as 30m or 2h', wholeMinutes)
    .option('--check <name>', 'only this check; may be repeated', collect, [])
    .option('--match <matcher>', 'only checks with this label, such as team="core"; may be repeated', collect, [])
    .option('--reason <text>', 'why', 'by hand')
    .action(async (options: Asking & { for: number; check: string[]; match: string[]; reason: string }) => {
      const { check: names, match: matchers, reason: name, for: minutes } = options;
      finish(await beginMaintenanceCommand(instanceOf(options), { name, minutes, checks: names, matchers }, output));
    });
  asking(
    maintenance.command('end').description('end one that was begun by hand').argument('<number>', '', wholeNumber),
  ).action(async (id: number, options: Asking) => {
    finish(await endMaintenanceCommand(instanceOf(options), id, output));
  });
}

function wholeMinutes(text: string): number {
  const ms = parseDuration(text);
  if (ms === null || ms < 60_000) throw new InvalidArgumentError('Write a minute or more, such as 30m or 2h.');
  return Math.ceil(ms / 60_000);
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Write the number that "vedette maintenance list" shows.');
  return Number(text);
}

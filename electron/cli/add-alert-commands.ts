import type { Command } from 'commander';
import type { Asking } from './add-check-commands.ts';
import type { ActionOptions, AlertsPorts, SilenceAddOptions } from './alerts-command.ts';
import type { Instance } from './instance-client.ts';
import type { ExitCode, Output } from './output.ts';

export interface AlertCommandPorts {
  /** Add the options with which a command names an instance. */
  readonly asking: (command: Command) => Command;
  readonly instanceOf: (options: Asking) => Instance;
  readonly output: Output;
  readonly finish: (code: ExitCode) => void;
}

type Common = Asking & { readonly json?: boolean };

/** The commands below `vedette alerts`; what they run is loaded with them, because the service shares this file. */
export function addAlertCommands(alerts: Command, { asking, instanceOf, output, finish }: AlertCommandPorts): void {
  const portsOf = (options: Common): AlertsPorts => ({
    instance: instanceOf(options),
    output,
    json: options.json === true,
    now: () => Date.now(),
  });
  const common = (command: Command): Command => asking(command).option('--json', 'print the answer as JSON');
  const acting = (command: Command): Command =>
    common(command).option('-a, --author <name>', 'who does it; the name of the user when left out');
  const commands = () => import('./alerts-command.ts');

  common(alerts.command('list', { isDefault: true }))
    .description('list what waits and fires, with what is done about it')
    .argument('[matchers...]', 'only alerts that these match, such as severity="critical"')
    .action(async (matchers: readonly string[], options: Common) => {
      finish(await (await commands()).alertsListCommand(portsOf(options), matchers));
    });

  const actions = [
    ['ack', 'acknowledge', 'say that you look after alerts: no repeats and no escalation until they end'],
    ['unack', 'unacknowledge', 'take an acknowledgement back'],
    ['unsnooze', 'unsnooze', 'end a snooze now'],
  ] as const;
  for (const [name, kind, description] of actions) {
    acting(alerts.command(name))
      .description(description)
      .argument('<ids...>', 'as "vedette alerts list" prints them')
      .option('-c, --comment <text>', 'a note')
      .action(async (ids: readonly string[], options: Common & ActionOptions) => {
        finish(await (await commands()).alertActionCommand(portsOf(options), { kind }, ids, options));
      });
  }

  acting(alerts.command('snooze'))
    .description('hold an alert back for a while; if it still fires then, it is told again')
    .argument('<id>')
    .argument('<duration>', 'such as 1h')
    .option('-c, --comment <text>', 'a note')
    .action(async (id: string, duration: string, options: Common & ActionOptions) => {
      finish(
        await (await commands()).alertActionCommand(portsOf(options), { kind: 'snooze', duration }, [id], options),
      );
    });

  const silence = alerts.command('silence').description('silences');
  common(silence.command('list', { isDefault: true }))
    .description('list active and pending silences')
    .option('--expired', 'those that ended instead')
    .action(async (options: Common & { readonly expired?: boolean }) => {
      finish(await (await commands()).silenceListCommand(portsOf(options), options.expired === true));
    });
  acting(silence.command('add'))
    .description('hold back every alert that all matchers match; prints the id')
    .argument('<matchers...>', 'such as alertname=HighLoad instance=~"web.*"')
    .option('--duration <duration>', 'for how long', '1h')
    .option('-c, --comment <text>', 'why')
    .action(async (matchers: readonly string[], options: Common & SilenceAddOptions) => {
      finish(await (await commands()).silenceAddCommand(portsOf(options), matchers, options));
    });
  acting(silence.command('expire'))
    .description('end silences now')
    .argument('<ids...>')
    .action(async (ids: readonly string[], options: Common & ActionOptions) => {
      finish(await (await commands()).silenceExpireCommand(portsOf(options), ids, options));
    });

  const histories = [
    ['incidents', 'list what fired together'],
    ['audit', 'list who did what'],
  ] as const;
  for (const [kind, description] of histories) {
    common(alerts.command(kind))
      .description(description)
      .option('--since <duration>', 'how far back', '7d')
      .action(async (options: Common & { readonly since: string }) => {
        finish(await (await commands()).alertHistoryCommand(portsOf(options), kind, options.since));
      });
  }

  asking(
    alerts
      .command('routes')
      .description('the routing tree')
      .command('test')
      .description('print the receivers of an alert with these labels')
      .argument('[labels...]', 'such as severity=critical'),
  )
    .option('--config.file <file>', 'an alertmanager.yml to ask instead of a running instance')
    .option('--verify.receivers <names>', 'receivers that must come out, separated by commas; exit code 1 otherwise')
    .action(async (labels: readonly string[], options: Asking & Readonly<Record<string, string | undefined>>) => {
      const { routesTestCommand } = await import('./routes-test-command.ts');
      const { 'config.file': configFile = null, 'verify.receivers': verifyReceivers = null } = options;
      finish(await routesTestCommand(() => instanceOf(options), labels, { configFile, verifyReceivers }, output));
    });
}

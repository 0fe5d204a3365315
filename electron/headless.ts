import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { addAlertCommands } from './cli/add-alert-commands.ts';
import { addCheckCommands, type Asking } from './cli/add-check-commands.ts';
import { addNoiseCommand } from './cli/alerts-noise-command.ts';
import { checkCommand, type CheckOptions } from './cli/check-command.ts';
import type { CheckMetricsOptions } from './cli/check-metrics-command.ts';
import { desktopCommand } from './cli/desktop-command.ts';
import { exportMetricsCommand } from './cli/export-metrics-command.ts';
import type { ImportComposeOptions } from './cli/import-compose-command.ts';
import { importMetricsCommand } from './cli/import-metrics-command.ts';
import { connectToInstance, type Instance } from './cli/instance-client.ts';
import type { ExitCode, Output } from './cli/output.ts';
import { printConfigCommand } from './cli/print-config-command.ts';
import { queryCommand, type QueryOptions } from './cli/query-command.ts';
import { reloadSignal, stopSignal } from './cli/process-signals.ts';
import { serveCommand, type ServeOptions } from './cli/serve-command.ts';
import { statusCommand } from './cli/status-command.ts';
import type { TestRulesOptions } from './cli/test-rules-command.ts';
import { defaultDataDirectory } from './engine/directories.ts';
import { EXPORT_FORMATS, type ExportFormat } from './engine/transfer/export-metrics.ts';
import { PROMQL_FEATURE_NAMES } from './engine/config/promql-features.ts';
import { PROMQL_FEATURES } from './engine/query/promql/syntax/features.ts';
import { workerUrls } from './engine/threads/worker-urls.ts';

/** The program without a window. This file names the commands and builds what they run on. */
export async function runCommandLine(args: readonly string[], output: Output = processOutput): Promise<ExitCode> {
  let exitCode: ExitCode = 0;
  const finish = (code: ExitCode): void => {
    exitCode = code;
  };
  const version = ownVersion();
  const program = new Command('vedette')
    .description('Monitoring that runs the files you already have.')
    .version(version)
    .exitOverride()
    .configureOutput({ writeOut: output.out, writeErr: output.err })
    .showHelpAfterError('(vedette --help lists the commands)');

  program
    .command('desktop', { isDefault: true })
    .description('open the desktop application, or the same interface in the browser')
    .action(async () => {
      finish(await desktopCommand(ownPath('electron/start.mjs')));
    });

  program
    .command('serve')
    .description('run the engine without a window')
    .option('-c, --config <file>', 'main configuration file: a prometheus.yml, or a superset of one')
    .option('-d, --data <directory>', 'where history and state are kept')
    .option('-l, --listen <address>', 'address to answer on', '127.0.0.1:9777')
    .option('--closed', 'ask for the token for reading too')
    .option('--allow-host <name>', 'another name under which this server is reached', collect, [])
    .option('--set <path=value>', 'a setting over the file, such as host.interval=5s', collectSetting, {})
    .addOption(enableFeature(PROMQL_FEATURE_NAMES))
    .option('--open', 'open the interface in the browser')
    .option('--open-link', 'print a link that lets one browser in')
    .addOption(
      new Option('--log-level <level>', 'what to log').choices(['debug', 'info', 'warn', 'error']).default('info'),
    )
    .action(async (options: ServeOptions) => {
      const ports = {
        version,
        workers: workerUrls(import.meta.url),
        interfaceDirectory: builtPath('renderer'),
        icon: ownPath('assets/icon.png'),
        output,
        untilStopped: stopSignal,
        onReloadSignal: reloadSignal,
      };
      finish(await serveCommand(options, ports));
    });

  const check = program.command('check').description('check files and tell every problem with line and column');
  for (const kind of ['config', 'rules', 'alertmanager', 'blackbox'] as const) {
    check
      .command(kind)
      .argument('<files...>')
      .option('--json', 'print the result as JSON')
      .addOption(enableFeature())
      .action(async (files: readonly string[], options: CheckOptions) => {
        finish(await checkCommand(kind, files, options, output));
      });
  }

  check
    .command('metrics')
    .description('check an exposition, of standard input where no file is named')
    .argument('[files...]')
    .option('--json', 'print the result as JSON')
    .addOption(
      new Option('--format <format>', 'the format, where "# EOF" at the end does not tell it').choices([
        'prometheus',
        'openmetrics',
      ]),
    )
    .action(async (files: readonly string[], options: CheckMetricsOptions) => {
      const { checkMetricsCommand } = await import('./cli/check-metrics-command.ts');
      finish(await checkMetricsCommand(files, options, process.stdin, output));
    });

  const test = program.command('test').description('run tests of rules and of queries');
  test
    .command('rules')
    .description("run unit tests of rules, in promtool's format")
    .argument('<files...>')
    .option('--run <pattern>', 'only tests whose name this finds; may be repeated', collect, [])
    .addOption(enableFeature())
    .option('--ignore-unknown-fields', 'pass over keys that rule files do not have')
    .option('--json', 'print the results as JSON')
    .action(async (files: readonly string[], options: TestRulesOptions) => {
      // What only tests need is loaded with them: the service shares this file.
      const { testRulesCommand } = await import('./cli/test-rules-command.ts');
      finish(await testRulesCommand(files, options, output));
    });
  test
    .command('promql')
    .description("run scripts in the language of Prometheus's promqltest")
    .argument('<files...>')
    .option('--json', 'print the results as JSON')
    .action(async (files: readonly string[], { json }: { json?: boolean }) => {
      const { testPromqlCommand } = await import('./cli/test-promql-command.ts');
      finish(await testPromqlCommand(files, json === true, output));
    });

  program
    .command('config')
    .description('the configuration')
    .command('print')
    .description('print what would run, and where each value comes from')
    .option('-c, --config <file>', 'main configuration file')
    .option('--set <path=value>', 'a setting over the file', collectSetting, {})
    .action(async (options: { config?: string; set: Record<string, string> }) => {
      finish(await printConfigCommand(options.config ?? null, options.set, output));
    });

  asking(program.command('query').description('ask a running instance in PromQL').argument('<expr>'))
    .option('--time <time>', 'evaluate at this time (Unix seconds or RFC 3339)')
    .option('--start <time>', 'begin of a range')
    .option('--end <time>', 'end of a range')
    .option('--step <duration>', 'distance of its points')
    .option('--explain', 'print what each part of the expression reads, gives and costs')
    .option('--json', "print Prometheus's JSON")
    .action(async (expr: string, options: Asking & Partial<QueryOptions>) => {
      const { time, start, end, step, json, explain } = options;
      const asked = { time, start, end, step, json: json === true, explain: explain === true };
      finish(await queryCommand(instanceOf(options), expr, asked, output));
    });

  addCheckCommands(program, { asking, instanceOf, collect, finish, output });

  asking(program.command('status').description('how everything is that a running instance watches'))
    .option('--json', 'print it as JSON')
    .action(async (options: Asking & { json?: boolean }) => {
      finish(await statusCommand(instanceOf(options), options.json === true, output));
    });

  asking(
    program
      .command('notify')
      .description('notifications')
      .command('test')
      .description('send a test message through every channel of a receiver')
      .argument('[receiver]'),
  )
    .option('--json', 'print the outcome as JSON')
    .action(async (receiver: string | undefined, options: Asking & { json?: boolean }) => {
      const { notifyTestCommand } = await import('./cli/notify-test-command.ts');
      finish(await notifyTestCommand(instanceOf(options), receiver ?? null, options.json === true, output));
    });

  const alerts = program.command('alerts').description('alerts: what fires, and what is done about it');
  addNoiseCommand(alerts, { asking, instanceOf, output, finish });
  addAlertCommands(alerts, {
    asking,
    instanceOf,
    output,
    finish,
  });

  const importing = program.command('import').description('take history in, and checks from other files');
  importing
    .command('compose')
    .description('the health checks of a compose file as checks: printed, or added to a configuration')
    .argument('<file>')
    .option('--into <config>', 'the configuration file to add them to; its comments stay')
    .action(async (file: string, options: ImportComposeOptions) => {
      const { importComposeCommand } = await import('./cli/import-compose-command.ts');
      finish(await importComposeCommand(file, options, output));
    });
  importing
    .command('metrics')
    .description('OpenMetrics with timestamps, into a data directory that no instance uses')
    .argument('<file>')
    .option('-d, --data <directory>', 'the data directory')
    .action(async (file: string, { data }: { data?: string }) => {
      finish(await importMetricsCommand(file, { dataDirectory: dataDirectoryOf(data), showProgress }, output));
    });

  program
    .command('push')
    .description('jobs that report by themselves')
    .command('token')
    .description('make a token for a job; it is shown once')
    .option('-u, --url <url>', 'where jobs reach this program', 'http://127.0.0.1:9777')
    .action(async (options: { url: string }) => {
      const { pushTokenCommand } = await import('./cli/push-token-command.ts');
      finish(pushTokenCommand(options, output));
    });

  program
    .command('export')
    .description('give history out')
    .command('metrics')
    .description('samples of a data directory; an instance may go on using it')
    .option('-m, --match <selector>', 'series to export, as a PromQL selector; all when left out', collect, [])
    .option('--start <time>', 'the first time (Unix seconds, RFC 3339 or a date)')
    .option('--end <time>', 'the last time')
    .addOption(new Option('-f, --format <format>', 'how to write them').choices(EXPORT_FORMATS).default('openmetrics'))
    .option('-o, --output <file>', 'the file to write; standard output when left out')
    .option('-d, --data <directory>', 'the data directory')
    .action(async (options: ExportArguments) => {
      const { match, start, end, format, output: file = null, data } = options;
      const dataDirectory = dataDirectoryOf(data);
      const shown = file === null ? null : showProgress;
      finish(
        await exportMetricsCommand({ match, start, end, format, file, dataDirectory, showProgress: shown }, output),
      );
    });

  try {
    await program.parseAsync(['node', 'vedette', ...args]);
  } catch (error) {
    return failed(error, output);
  }
  return exitCode;
}

interface ExportArguments {
  readonly match: readonly string[];
  readonly start?: string;
  readonly end?: string;
  readonly format: ExportFormat;
  readonly output?: string;
  readonly data?: string;
}

function dataDirectoryOf(data: string | undefined): string {
  return data ?? defaultDataDirectory(process.env, process.platform);
}

/** One line of a terminal, written over again and again. */
const showProgress = process.stderr.isTTY
  ? (line: string): void => {
      process.stderr.write(`\r${line}\u001b[K`);
    }
  : null;

function asking(command: Command): Command {
  return command
    .option('-u, --url <url>', 'the instance to ask; the one on the data directory when left out')
    .option('-d, --data <directory>', 'the data directory of the instance');
}

function instanceOf({ url, data }: Asking): Instance {
  return connectToInstance({
    url: url ?? null,
    dataDirectory: dataDirectoryOf(data),
  });
}

function enableFeature(known: readonly string[] = PROMQL_FEATURES): Option {
  return new Option('--enable-feature <names>', `experimental parts of PromQL: ${known.join(', ')}`).argParser(
    (text: string, before: readonly string[] | undefined) => {
      const names = text.split(',').map((name) => name.trim());
      const unknown = names.find((name) => !known.includes(name));
      if (unknown !== undefined) {
        throw new InvalidArgumentError(`There is no feature "${unknown}". Known are: ${known.join(', ')}.`);
      }
      return [...(before ?? []), ...names];
    },
  );
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

function collectSetting(text: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const at = text.indexOf('=');
  if (at <= 0) throw new InvalidArgumentError('Write it as path=value, such as host.interval=5s.');
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) };
}

/** Wrong use is 2; a problem that a sentence explains is 1; a fault of ours keeps its stack. */
function failed(error: unknown, output: Output): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (!(error instanceof Error)) throw error;
  const isRefused = /ECONNREFUSED|fetch failed/.test(`${error.message} ${String(error.cause)}`);
  output.err(isRefused ? 'vedette: the instance does not answer; is it running?\n' : `vedette: ${error.message}\n`);
  return 1;
}

const processOutput: Output = {
  out: (text) => {
    process.stdout.write(text);
  },
  err: (text) => {
    process.stderr.write(text);
  },
};

function ownVersion(): string {
  return String((JSON.parse(readFileSync(ownPath('package.json'), 'utf8')) as { version: unknown }).version);
}

/** A path of this installation: the root is one folder up from the sources, two from the bundle. */
function ownPath(path: string): string {
  return fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? `../${path}` : `../../${path}`, import.meta.url));
}

function builtPath(path: string): string {
  return ownPath(`dist/${path}`);
}

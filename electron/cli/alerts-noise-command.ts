import type { NoiseProposal, NoiseReport } from '../../shared/contract/rules.ts';
import { durationText } from '../../shared/rule-kinds/promql-text.ts';
import { InvalidArgumentError, type Command } from 'commander';
import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';
import { parseTime } from './parse-time.ts';

interface CommandPorts {
  /** Adds the options that name an instance. */
  readonly asking: (command: Command) => Command;
  readonly instanceOf: (options: { readonly url?: string; readonly data?: string }) => Instance;
  readonly output: Output;
  readonly finish: (code: ExitCode) => void;
}

interface NoiseOptions {
  readonly url?: string;
  readonly data?: string;
  readonly start?: number;
  readonly end?: number;
  readonly json?: boolean;
}

/** `noise`, below `vedette alerts`. */
export function addNoiseCommand(alerts: Command, { asking, instanceOf, output, finish }: CommandPorts): void {
  asking(
    alerts.command('noise').description('rules that flap, end by themselves or are never acknowledged, with proposals'),
  )
    .option(
      '--start <time>',
      'begin of the report (Unix seconds, RFC 3339 or a date); a week ago when left out',
      timeOf,
    )
    .option('--end <time>', 'end of the report; now when left out', timeOf)
    .option('--json', 'print the report as JSON')
    .action(async (options: NoiseOptions) => {
      const { start, end, json } = options;
      const range = { ...(start === undefined ? {} : { from: start }), ...(end === undefined ? {} : { to: end }) };
      finish(await alertsNoiseCommand(instanceOf(options), range, json === true, output));
    });
}

function timeOf(text: string): number {
  const at = parseTime(text);
  if (at === null) throw new InvalidArgumentError('Write Unix seconds, RFC 3339 or a date.');
  return at;
}

const REASONS: Readonly<Record<NoiseReport['rules'][number]['reasons'][number], string>> = {
  flaps: 'comes back within half an hour',
  short: 'ends by itself within 5 min',
  ignored: 'never acknowledged',
  many: 'many at once',
};

/** `vedette alerts noise`: rules that cost more attention than they are worth; exit code 1 when there are some. */
async function alertsNoiseCommand(
  instance: Instance,
  range: { readonly from?: number; readonly to?: number },
  json: boolean,
  output: Output,
): Promise<ExitCode> {
  const report = await instance.client.rules.noise(range);
  const noisy = report.rules.filter(({ reasons }) => reasons.length > 0);
  if (json) output.out(`${JSON.stringify(report, null, 2)}\n`);
  else output.out(describe(report, noisy));
  return noisy.length === 0 ? 0 : 1;
}

function describe(report: NoiseReport, noisy: NoiseReport['rules']): string {
  const days = (report.to - report.from) / 86_400_000;
  const head = `${String(report.fired)} alerts fired in ${days.toFixed(1)} days, by ${String(report.rules.length)} rules.\n`;
  if (noisy.length === 0) return `${head}None of the rules is noisy.\n`;
  const rows = noisy.map((rule) => [
    rule.name,
    String(rule.fired),
    String(rule.endedSoon),
    String(rule.flaps),
    rule.reasons.map((reason) => REASONS[reason]).join(', '),
  ]);
  const table = formatTable([['RULE', 'FIRED', 'UNDER 5 MIN', 'CAME BACK', 'WHY'], ...rows]);
  const proposals = noisy.flatMap(({ name, file, line, proposals: own }) =>
    own.map((one) => `  ${name} (${file}:${String(line)}): ${proposalText(one)}\n`),
  );
  return `${head}${table}\n${proposals.length === 0 ? '' : `Proposals:\n${proposals.join('')}`}`;
}

function proposalText(proposal: NoiseProposal): string {
  switch (proposal.kind) {
    case 'for':
      return `for: ${durationText(proposal.ms)}, ${left(proposal.left)}`;
    case 'keepFiringFor':
      return `keep_firing_for: ${durationText(proposal.ms)}, ${left(proposal.left)}`;
    case 'limit':
      return `a limit of ${String(proposal.limit)}, ${left(proposal.left)}`;
    case 'severity':
      return `severity: ${proposal.severity}`;
    case 'group':
      return `one message for all: group_by: [${proposal.by.join(', ')}]`;
    case 'silence':
      return `a silence for ${JSON.stringify(proposal.labels)}, ${left(proposal.left)}`;
  }
}

function left(count: number): string {
  return `it would have fired ${count === 0 ? 'never' : count === 1 ? 'once' : `${String(count)} times`}`;
}

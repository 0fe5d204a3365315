import type { Outage, Uptime } from '../../shared/contract/services.ts';
import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';

/** `vedette checks show NAME`: uptime, response times and outages of one check. */
export async function showCheckCommand(
  instance: Instance,
  name: string,
  json: boolean,
  output: Output,
): Promise<ExitCode> {
  const check = await instance.client.services.get({ id: `check:${name}` });
  if (json) {
    output.out(`${JSON.stringify(check, null, 2)}\n`);
    return 0;
  }
  const uptimes = check.record?.uptimes ?? [];
  const outages = check.record?.outages ?? [];
  output.out(`${check.name}: ${check.state}${check.message === null ? '' : `: ${check.message}`}\n\n`);
  output.out(`${formatTable([['last', 'up', 'down for', 'known', 'p50', 'p95', 'p99'], ...uptimes.map(uptimeRow)])}\n`);
  if (outages.length > 0) output.out(`\n${formatTable(outages.map(outageRow))}\n`);
  return 0;
}

function uptimeRow({ range, uptime, upMs, downMs, unknownMs, noDataMs, p50Ms, p95Ms, p99Ms }: Uptime): string[] {
  const charged = upMs + downMs + unknownMs + noDataMs;
  return [
    range,
    percent(uptime),
    duration(downMs),
    percent(charged === 0 ? null : (upMs + downMs) / charged),
    ...[p50Ms, p95Ms, p99Ms].map((ms) => (ms === null ? '—' : `${ms.toPrecision(3)} ms`)),
  ];
}

function outageRow({ from, until, state, current, reason }: Outage): string[] {
  const lasted = `${duration(until - from)}${current ? ', goes on' : ''}`;
  return [new Date(from).toISOString(), state, lasted, reason ?? ''];
}

/** Never a false 100 %. */
function percent(ratio: number | null): string {
  return ratio === null ? '—' : `${(Math.floor(ratio * 10_000) / 100).toFixed(2)} %`;
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${String(seconds)} s`;
  if (seconds < 3600) return `${String(Math.floor(seconds / 60))} min ${String(seconds % 60)} s`;
  return `${String(Math.floor(seconds / 3600))} h ${String(Math.floor((seconds % 3600) / 60))} min`;
}

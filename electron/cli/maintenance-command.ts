import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';

export interface BeginMaintenance {
  readonly name: string;
  readonly minutes: number;
  readonly checks: string[];
  readonly matchers: string[];
}

/** `vedette maintenance begin`: checks may fail for a while; prints the number to end it with. */
export async function beginMaintenanceCommand(
  instance: Instance,
  wanted: BeginMaintenance,
  output: Output,
): Promise<ExitCode> {
  const { id, active } = await instance.client.maintenance.begin(wanted);
  const until = active === null ? '' : ` until ${new Date(active.until).toISOString()}`;
  output.out(`Maintenance ${String(id)} has begun${until}. End it with: vedette maintenance end ${String(id)}\n`);
  return 0;
}

/** `vedette maintenance end`; exit code 1 when no such maintenance is going on. */
export async function endMaintenanceCommand(instance: Instance, id: number, output: Output): Promise<ExitCode> {
  const { ended } = await instance.client.maintenance.end({ id });
  if (ended) output.out(`Maintenance ${String(id)} has ended.\n`);
  else output.err(`No maintenance ${String(id)} is going on.\n`);
  return ended ? 0 : 1;
}

/** `vedette maintenance list`: what is going on, and what comes next. */
export async function listMaintenanceCommand(instance: Instance, json: boolean, output: Output): Promise<ExitCode> {
  const all = await instance.client.maintenance.list();
  if (json) output.out(`${JSON.stringify(all, null, 2)}\n`);
  else if (all.length === 0) output.out('No maintenance is going on, and none is planned.\n');
  else {
    const rows = all.map(({ id, name, checks, matchers, active, next }) => [
      id === null ? '—' : String(id),
      name,
      [...checks, ...matchers].join(', ') || 'every check',
      active === null ? '' : `now, until ${new Date(active.until).toISOString()}`,
      next === null ? '' : `next ${new Date(next.from).toISOString()}`,
    ]);
    output.out(`${formatTable(rows)}\n`);
  }
  return 0;
}

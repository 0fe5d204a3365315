import type { Service } from '../../shared/contract/services.ts';
import type { Instance } from './instance-client.ts';
import { type ExitCode, formatTable, type Output } from './output.ts';

const SHAPES = { up: '●', degraded: '▲', down: '■', unknown: '◌', maintenance: '◆', paused: '❚❚' } as const;

/** Never a false 100 %. */
function formatUptime(ratio: number): string {
  return `${(Math.floor(ratio * 10_000) / 100).toFixed(2)} %`;
}

function circumstancesOf({ flapping, maintenance, message }: Service): string {
  return [
    maintenance === null
      ? null
      : `maintenance "${maintenance.name}" until ${new Date(maintenance.until).toISOString()}`,
    flapping ? 'flapping' : null,
    message,
  ]
    .filter((part) => part !== null)
    .join(' · ');
}

/** `vedette status`: what is watched and how it is; exit code 1 when something is down or an alert fires. */
export async function statusCommand(instance: Instance, json: boolean, output: Output): Promise<ExitCode> {
  const [status, services, alerts] = await Promise.all([
    instance.client.system.status(),
    instance.client.services.list(),
    instance.client.alerts.active(),
  ]);
  const firing = alerts.filter((alert) => alert.state === 'firing');
  const bad = services.some((service) => service.state === 'down') || firing.length > 0;
  if (json) {
    output.out(`${JSON.stringify({ status, services, alerts }, null, 2)}\n`);
    return bad ? 1 : 0;
  }
  const { counts } = status;
  output.out(
    `${SHAPES[status.worst]} ${String(counts.down)} down, ${String(counts.degraded)} degraded, ${String(counts.unknown)} unknown, ` +
      `${counts.maintenance === 0 ? '' : `${String(counts.maintenance)} in maintenance, `}${String(counts.up)} up; ${String(firing.length)} alerts firing  (${instance.url}, ${status.version})\n`,
  );
  if (status.configProblems.length > 0) {
    output.err(
      `The configuration on disk was refused, the one before runs: ${status.configProblems[0]?.message ?? ''}\n`,
    );
  }
  if (status.network.reach !== 'everywhere') {
    const how = status.network.reach === 'nowhere' ? 'has no network' : 'reaches no further than its neighbours';
    output.out(`■ This machine ${how}; what lies beyond is not judged.\n`);
  }
  if (services.length > 0) {
    output.out(
      `${formatTable(
        services.map((service) => [
          `${SHAPES[service.state]} ${service.state}`,
          service.name,
          service.group,
          service.latencyMs === null ? '—' : `${service.latencyMs.toFixed(0)} ms`,
          service.uptime24h === null ? '—' : formatUptime(service.uptime24h),
          circumstancesOf(service),
        ]),
      )}\n`,
    );
  }
  for (const alert of firing) {
    output.out(`■ ${alert.severity} ${alert.name}: ${alert.annotations['summary'] ?? alert.expr}\n`);
  }
  return bad ? 1 : 0;
}

import type { Maintenance } from '../../../shared/contract/maintenance.ts';
import type { MaintenanceStatus } from '../collect/judge/maintenance.ts';
import { describeMatcher, parseMatchers } from '../config/index.ts';
import type { EngineParts } from '../engine-parts.ts';
import { contractOf } from './implementer.ts';

const MINUTE_MS = 60_000;

export function maintenanceCalls({ maintenance, checks, clock, log }: EngineParts) {
  const calls = contractOf.maintenance;
  return {
    list: calls.list.handler(() => maintenance.list(clock.now()).map(wireMaintenance)),
    begin: calls.begin.handler(({ input, errors }) => {
      const { name, minutes } = input;
      const matchers = input.matchers.flatMap((text) => {
        const reading = parseMatchers(text);
        if (reading.ok) return reading.value;
        throw errors.BAD_EXPRESSION({ message: `${reading.message}.`, data: { line: null, column: null } });
      });
      const known = new Set(checks.checks().map((check) => check.name));
      const unknown = input.checks.find((one) => !known.has(one));
      if (unknown !== undefined) throw errors.NOT_FOUND({ message: `There is no check "${unknown}".` });
      const fromMs = clock.now();
      const time = { fromMs, untilMs: fromMs + minutes * MINUTE_MS };
      const begun = maintenance.begin({ name, checks: input.checks, matchers, ...time });
      log('info', `Maintenance "${name}" began for ${String(minutes)} min.`);
      return wireMaintenance({ ...begun, active: time, next: null });
    }),
    end: calls.end.handler(({ input }) => ({ ended: maintenance.end(input.id, clock.now()) })),
  };
}

function wireMaintenance({ id, name, checks, matchers, active, next }: MaintenanceStatus): Maintenance {
  return {
    id,
    name,
    checks: [...checks],
    matchers: matchers.map(describeMatcher),
    active: active === null ? null : { from: active.fromMs, until: active.untilMs },
    next: next === null ? null : { from: next.fromMs, until: next.untilMs },
  };
}

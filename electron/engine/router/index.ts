import type { EngineParts } from '../engine-parts.ts';
import { alertCalls } from './alert-calls.ts';
import { auditCalls, incidentCalls, silenceCalls } from './alert-care-calls.ts';
import { recordedContract } from './record-writes.ts';
import { configCalls } from './config-calls.ts';
import { discoveryCalls } from './discovery-calls.ts';
import { hostCalls } from './host-calls.ts';
import { logCalls } from './log-calls.ts';
import { maintenanceCalls } from './maintenance-calls.ts';
import { metricCalls } from './metric-calls.ts';
import { ruleCalls } from './rule-calls.ts';
import { secretCalls } from './secret-calls.ts';
import { serviceCalls } from './service-calls.ts';
import { settingsCalls } from './settings-calls.ts';
import { systemCalls } from './system-calls.ts';

/** The whole contract, answered by the engine. A call without an answer is a type error here. */
export function createRouter(parts: EngineParts) {
  return recordedContract(parts).router({
    system: systemCalls(parts),
    host: hostCalls(parts),
    services: serviceCalls(parts),
    metrics: metricCalls(parts),
    logs: logCalls(parts),
    alerts: alertCalls(parts),
    silences: silenceCalls(parts),
    incidents: incidentCalls(parts),
    audit: auditCalls(parts),
    rules: ruleCalls(parts),
    config: configCalls(parts),
    discovery: discoveryCalls(parts),
    secrets: secretCalls(parts),
    settings: settingsCalls(parts),
    maintenance: maintenanceCalls(parts),
  });
}

export type EngineRouter = ReturnType<typeof createRouter>;

import { audit, incidents, silences } from './alert-care.ts';
import { alerts } from './alerts.ts';
import { config, discovery } from './config.ts';
import { host } from './host.ts';
import { logs } from './logs.ts';
import { maintenance } from './maintenance.ts';
import { metrics } from './metrics.ts';
import { rules } from './rules.ts';
import { secrets } from './secrets.ts';
import { services } from './services.ts';
import { settings } from './settings.ts';
import { system } from './system.ts';

/** Every call and every stream of the program, once. Carriers: MessagePort in the desktop application, HTTP without it. */
export const contract = {
  system,
  host,
  services,
  metrics,
  logs,
  alerts,
  silences,
  incidents,
  audit,
  rules,
  config,
  discovery,
  secrets,
  settings,
  maintenance,
};
export type Contract = typeof contract;

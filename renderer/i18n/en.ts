import { alerts } from './en/alerts.ts';
import { chart } from './en/chart.ts';
import { common } from './en/common.ts';
import { computer } from './en/computer.ts';
import { frame } from './en/frame.ts';
import { keys } from './en/keys.ts';
import { logs } from './en/logs.ts';
import { metrics } from './en/metrics.ts';
import { overview } from './en/overview.ts';
import { probes } from './en/probes.ts';
import { record } from './en/record.ts';
import { rules } from './en/rules.ts';
import { serviceProbes } from './en/service-probes.ts';
import { services } from './en/services.ts';
import { settings } from './en/settings.ts';

/** Every text of the interface in its source language, as ICU messages. */
export const en = {
  ...common,
  ...frame,
  ...keys,
  ...chart,
  ...overview,
  ...computer,
  ...services,
  ...serviceProbes,
  ...probes,
  ...record,
  ...metrics,
  ...logs,
  ...alerts,
  ...rules,
  ...settings,
};
export type MessageKey = keyof typeof en;

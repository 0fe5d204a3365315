import type { MessageKey } from './en.ts';
import { alerts } from './zh-CN/alerts.ts';
import { chart } from './zh-CN/chart.ts';
import { common } from './zh-CN/common.ts';
import { computer } from './zh-CN/computer.ts';
import { frame } from './zh-CN/frame.ts';
import { keys } from './zh-CN/keys.ts';
import { logs } from './zh-CN/logs.ts';
import { metrics } from './zh-CN/metrics.ts';
import { overview } from './zh-CN/overview.ts';
import { probes } from './zh-CN/probes.ts';
import { record } from './zh-CN/record.ts';
import { rules } from './zh-CN/rules.ts';
import { serviceProbes } from './zh-CN/service-probes.ts';
import { services } from './zh-CN/services.ts';
import { settings } from './zh-CN/settings.ts';

/** The same in Chinese. Each file is typed by its English one, so a missing or a surplus text does not compile. */
export const zhCN: Record<MessageKey, string> = {
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

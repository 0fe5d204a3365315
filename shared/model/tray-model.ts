import type { Alert } from '../contract/alerts.ts';
import type { HostReading } from '../contract/host.ts';
import type { SystemStatus } from '../contract/system.ts';

export type TrayIcon = 'ok' | 'warning' | 'critical' | 'unreachable' | 'muted';

export type TrayItem =
  | { readonly kind: 'separator' }
  | { readonly kind: 'line'; readonly label: string }
  | { readonly kind: 'action'; readonly label: string; readonly action: TrayAction }
  | { readonly kind: 'submenu'; readonly label: string; readonly items: readonly TrayItem[] };

export type TrayAction =
  | { readonly do: 'open'; readonly path: string }
  | { readonly do: 'mute'; readonly until: number | null }
  | { readonly do: 'pause'; readonly paused: boolean }
  | { readonly do: 'quit' };

/** All that the tray shows: plain data, so that it can be judged without a tray. */
export interface TrayModel {
  readonly icon: TrayIcon;
  /** Firing alerts, for badges; 0 shows none. */
  readonly count: number;
  readonly tooltip: string;
  readonly items: readonly TrayItem[];
}

export interface TrayInput {
  /** Null while the engine cannot be asked. */
  readonly status: SystemStatus | null;
  readonly firing: readonly Alert[];
  readonly reading: HostReading | null;
  readonly language: 'en' | 'zh-CN';
  readonly now: number;
}

const MINUTE_MS = 60_000;
const SHOWN_ALERTS = 5;

/** What the tray says now. */
export function trayModel(input: TrayInput): TrayModel {
  const text = TEXTS[input.language];
  const icon = trayIcon(input);
  const count = input.firing.length;
  const summary = summaryLine(input, text);
  const reading = readingLine(input.reading, text);
  const isMuted = (input.status?.mutedUntil ?? 0) > input.now;
  const isPaused = input.status?.checksPaused ?? false;
  return {
    icon,
    count,
    tooltip: `Vedette: ${summary}`,
    items: [
      { kind: 'line', label: summary },
      ...input.firing.slice(0, SHOWN_ALERTS).map((alert): TrayItem => ({
        kind: 'action',
        label: `${alert.severity === 'critical' ? '■' : '▲'} ${alert.annotations['summary'] ?? alert.name}`,
        action: { do: 'open', path: `/alerts?alert=${encodeURIComponent(alert.id)}` },
      })),
      ...(reading === null ? [] : [{ kind: 'line', label: reading } as const]),
      { kind: 'separator' },
      { kind: 'action', label: text.open, action: { do: 'open', path: '/' } },
      { kind: 'action', label: text.logs, action: { do: 'open', path: '/logs' } },
      { kind: 'action', label: text.alerts, action: { do: 'open', path: '/alerts' } },
      { kind: 'separator' },
      isMuted
        ? { kind: 'action', label: text.unmute, action: { do: 'mute', until: null } }
        : { kind: 'submenu', label: text.mute, items: muteItems(input.now, text) },
      {
        kind: 'action',
        label: isPaused ? text.resume : text.pause,
        action: { do: 'pause', paused: !isPaused },
      },
      { kind: 'separator' },
      { kind: 'action', label: text.settings, action: { do: 'open', path: '/settings' } },
      { kind: 'action', label: text.quit, action: { do: 'quit' } },
    ],
  };
}

/** The icon by the worst state; a mute is shown only where it hides nothing worse than a warning. */
function trayIcon({ status, firing, now }: TrayInput): TrayIcon {
  if (status === null) return 'unreachable';
  const isCritical =
    status.counts.down > 0 || firing.some((alert) => alert.severity === 'critical' || alert.severity === 'error');
  if (isCritical) return 'critical';
  if ((status.mutedUntil ?? 0) > now || status.checksPaused) return 'muted';
  return status.counts.degraded > 0 || firing.length > 0 ? 'warning' : 'ok';
}

function summaryLine({ status, firing }: TrayInput, text: Texts): string {
  if (status === null) return text.unreachable;
  const warnings = status.counts.degraded + firing.filter((alert) => alert.severity === 'warning').length;
  const critical = firing.filter((alert) => alert.severity === 'critical' || alert.severity === 'error').length;
  const parts = [
    ...(status.counts.down > 0 ? [text.down(status.counts.down)] : []),
    ...(critical > 0 ? [text.critical(critical)] : []),
    ...(warnings > 0 ? [text.warnings(warnings)] : []),
  ];
  return parts.length > 0 ? `■ ${parts.join(' · ')}` : `● ${text.allWell}`;
}

function readingLine(reading: HostReading | null, text: Texts): string | null {
  if (reading === null) return null;
  const percent = (ratio: number): string => `${Math.round(ratio * 100)} %`;
  const disk = reading.fullestFilesystem;
  return [
    ...(reading.cpuRatio === null ? [] : [`CPU ${percent(reading.cpuRatio)}`]),
    ...(reading.memory === null
      ? []
      : [`${text.memory} ${percent(reading.memory.usedBytes / reading.memory.totalBytes)}`]),
    ...(disk === null ? [] : [`${text.disk} ${percent(disk.usedBytes / disk.totalBytes)}`]),
  ].join(' · ');
}

function muteItems(now: number, text: Texts): TrayItem[] {
  const tomorrow = new Date(now);
  tomorrow.setDate(tomorrow.getDate() + 1);
  tomorrow.setHours(8, 0, 0, 0);
  return [
    { kind: 'action', label: text.minutes15, action: { do: 'mute', until: now + 15 * MINUTE_MS } },
    { kind: 'action', label: text.hour1, action: { do: 'mute', until: now + 60 * MINUTE_MS } },
    { kind: 'action', label: text.tomorrow, action: { do: 'mute', until: tomorrow.getTime() } },
  ];
}

interface Texts {
  readonly open: string;
  readonly logs: string;
  readonly alerts: string;
  readonly mute: string;
  readonly unmute: string;
  readonly minutes15: string;
  readonly hour1: string;
  readonly tomorrow: string;
  readonly pause: string;
  readonly resume: string;
  readonly settings: string;
  readonly quit: string;
  readonly memory: string;
  readonly disk: string;
  readonly allWell: string;
  readonly unreachable: string;
  readonly down: (count: number) => string;
  readonly critical: (count: number) => string;
  readonly warnings: (count: number) => string;
}

const TEXTS: Readonly<Record<TrayInput['language'], Texts>> = {
  en: {
    open: 'Open Vedette',
    logs: 'Logs',
    alerts: 'Alerts',
    mute: 'Mute notifications',
    unmute: 'End mute',
    minutes15: 'For 15 minutes',
    hour1: 'For 1 hour',
    tomorrow: 'Until tomorrow, 08:00',
    pause: 'Pause all checks',
    resume: 'Resume all checks',
    settings: 'Settings…',
    quit: 'Quit',
    memory: 'Mem',
    disk: 'Disk',
    allWell: 'all well',
    unreachable: 'the engine does not answer',
    down: (count) => `${count} down`,
    critical: (count) => `${count} critical`,
    warnings: (count) => `${count} ${count === 1 ? 'warning' : 'warnings'}`,
  },
  'zh-CN': {
    open: '打开 Vedette',
    logs: '日志',
    alerts: '告警',
    mute: '通知静音',
    unmute: '取消静音',
    minutes15: '15 分钟',
    hour1: '1 小时',
    tomorrow: '直到明天 08:00',
    pause: '暂停所有检查',
    resume: '恢复所有检查',
    settings: '设置…',
    quit: '退出',
    memory: '内存',
    disk: '磁盘',
    allWell: '一切正常',
    unreachable: '引擎没有响应',
    down: (count) => `${count} 个宕机`,
    critical: (count) => `${count} 个严重告警`,
    warnings: (count) => `${count} 个警告`,
  },
};

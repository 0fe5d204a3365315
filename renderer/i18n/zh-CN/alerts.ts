import type { alerts as source } from '../en/alerts.ts';

export const alerts: Record<keyof typeof source, string> = {};

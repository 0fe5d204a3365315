import type { chart as source } from '../en/chart.ts';

export const chart: Record<keyof typeof source, string> = {};

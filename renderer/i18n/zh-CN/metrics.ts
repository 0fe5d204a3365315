import type { metrics as source } from '../en/metrics.ts';

export const metrics: Record<keyof typeof source, string> = {};

import type { logs as source } from '../en/logs.ts';

export const logs: Record<keyof typeof source, string> = {};

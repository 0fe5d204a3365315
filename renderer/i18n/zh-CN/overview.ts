import type { overview as source } from '../en/overview.ts';

export const overview: Record<keyof typeof source, string> = {};

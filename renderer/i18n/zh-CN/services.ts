import type { services as source } from '../en/services.ts';

export const services: Record<keyof typeof source, string> = {};

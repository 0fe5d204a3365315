import { withoutFetch } from './without-fetch.ts';

withoutFetch();
await import('./logs-thread.ts');

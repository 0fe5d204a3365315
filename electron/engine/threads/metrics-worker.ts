import { withoutFetch } from './without-fetch.ts';

withoutFetch();
await import('./metrics-thread.ts');

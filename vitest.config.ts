import { defineConfig } from 'vitest/config';

/** Two cores are shared by everything a test starts (browsers, servers), so files run in two forks at most. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
    exclude: ['test/conformance/**'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});

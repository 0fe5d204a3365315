import { defineConfig } from 'vitest/config';

/** Tests that read conformance data from beside the repository or run beside real peers; kept apart so that `npm test` stays quick and needs nothing outside. */
export default defineConfig({
  test: {
    include: ['test/conformance/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

import { defineConfig } from 'vitest/config';

// The page in a real Chromium against a real service on its own PostgreSQL, with the demo school.
export default defineConfig({
  test: {
    include: process.env['MEASURE'] ? ['browser/**/*.measure.ts'] : ['browser/**/*.test.ts'],
    globalSetup: ['browser/service.ts'],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

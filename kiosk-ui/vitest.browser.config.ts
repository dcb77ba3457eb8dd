import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files share one service and its school: they run by name, the same way on every machine. */
class ByName extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return files.toSorted((a, b) => a.moduleId.localeCompare(b.moduleId));
  }
}

// The page in a real Chromium against a real service on its own PostgreSQL, with the demo school.
export default defineConfig({
  test: {
    include: process.env['MEASURE'] ? ['browser/**/*.measure.ts'] : ['browser/**/*.test.ts'],
    globalSetup: ['browser/service.ts'],
    fileParallelism: false,
    sequence: { sequencer: ByName },
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
});

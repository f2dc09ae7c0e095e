import { defineConfig } from 'vitest/config';

/** Limits only decide when something is given up: a machine that is busy has the time it needs. */
const common = {
  testTimeout: 60_000,
  hookTimeout: 120_000,
  pool: 'forks',
  expect: { poll: { timeout: 20_000 } },
} as const;
/** Tests of the built program. */
const built = { globalSetup: ['tests/support/global-setup.ts'] };

export default defineConfig({
  test: {
    // Many tests wait for processes and browsers: two at a time on two cores, where vitest would take one.
    maxWorkers: 2,
    projects: [
      // Of the sources alone: nothing has to be built first.
      { test: { ...common, name: 'parts', include: ['tests/{unit,contract}/**/*.test.{ts,tsx}'] } },
      {
        test: {
          ...common,
          ...built,
          name: 'program',
          include: ['tests/integration/**/*.test.ts'],
          // Several starts of the program in one test, each of them seconds where others build and test as well.
          testTimeout: 120_000,
        },
      },
      {
        test: {
          ...common,
          ...built,
          name: 'browser',
          include: ['tests/browser/**/*.test.ts'],
          testTimeout: 240_000,
          // A browser on a busy machine can miss a deadline of its own; what is really broken fails twice.
          retry: 1,
        },
      },
      {
        test: {
          ...common,
          ...(process.platform === 'win32' ? built : {}),
          name: 'windows',
          include: ['tests/windows/**/*.test.ts'],
        },
      },
      {
        test: {
          ...common,
          name: 'desktop',
          globalSetup: ['tests/support/global-setup.ts', 'tests/support/desktop-setup.ts'],
          include: ['tests/desktop/**/*.test.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          // Chromium starts anew in each of them: several at once only wait for one another.
          fileParallelism: false,
        },
      },
    ],
  },
});

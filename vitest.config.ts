import { defineConfig } from 'vitest/config';

const common = { testTimeout: 30_000, hookTimeout: 60_000, pool: 'forks' } as const;

export default defineConfig({
  test: {
    projects: [
      // Of the sources alone: nothing has to be built first.
      { test: { ...common, name: 'parts', include: ['tests/{unit,contract}/**/*.test.{ts,tsx}'] } },
      {
        test: {
          ...common,
          name: 'program',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/{unit,contract}/**'],
          globalSetup: ['tests/support/global-setup.ts'],
        },
      },
    ],
  },
});

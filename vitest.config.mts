import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // A slow machine is no failure; what hangs is.
    testTimeout: 30_000,
    globalSetup: 'test/ensureBundles.ts',
    include: ['test/**/*.test.ts'],
    exclude: ['test/e2e/**', '**/node_modules/**'],
  },
});

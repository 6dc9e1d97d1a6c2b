import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    setupFiles: ['test/support/quick-keys.ts'],
    sequence: { shuffle: true },
    // Both cores of the smallest machine that CI has.
    maxWorkers: 2,
    // Files share a worker's modules: reading them anew for each file took a quarter of the time. Tests keep no state in modules.
    isolate: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})

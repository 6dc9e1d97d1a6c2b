// The long runs, `npm run simulate`: AUXO_SEEDS seasons (500) from AUXO_FIRST_SEED (a random one) on, and a death at every point of
// an export of something of every kind; as many histories of what comes back, and a death at every point of a pull;
// and every case of the batteries, of which `npm test` runs a share (test/support/share.ts).

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'test/simulation.test.ts',
      'test/crash-points.test.ts',
      'test/killed.test.ts',
      'test/comes-back/model.test.ts',
      'test/comes-back/interrupted.test.ts',
      'test/battery/*.test.ts',
      'test/edits/*.test.ts',
      'src/mapping/document-arithmetic.test.ts',
    ],
    setupFiles: ['test/support/quick-keys.ts'],
    disableConsoleIntercept: true,
    env: { AUXO_SOAK: '1' },
  },
})

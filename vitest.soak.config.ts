// Long simulations: `npm run simulate`, with AUXO_SEEDS seasons (500) from AUXO_FIRST_SEED (a random one) on.

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/simulation.test.ts'],
    setupFiles: ['test/support/quick-keys.ts'],
    disableConsoleIntercept: true,
    env: { AUXO_SOAK: '1' },
  },
})

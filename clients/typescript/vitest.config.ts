import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 180_000, // a scan of the demo account, on a busy machine
    hookTimeout: 180_000,
  },
})

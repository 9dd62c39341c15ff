import { defineConfig } from 'vitest/config'

// The page is of the origin that the server lets call.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic' } },
  test: {
    environment: 'happy-dom',
    environmentOptions: { happyDOM: { url: 'http://localhost:5173' } },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 3, // they wait for the server
  },
})

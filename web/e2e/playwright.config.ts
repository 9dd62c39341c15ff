import { defineConfig } from '@playwright/test'
import { visitor } from './visitor'

// The console runs against demos that whoever starts the tests has started: e2e/console_test.go does. Each worker has one of its own, so that no test changes
// what another looks at: CONSOLE_URL and CONSOLE_VIEWER_KEY are those of all, with commas, and in a worker its own.
const workers = process.env.CONSOLE_URL!.split(',').length
if (process.env.TEST_PARALLEL_INDEX) {
  for (const name of ['CONSOLE_URL', 'CONSOLE_VIEWER_KEY']) process.env[name] = process.env[name]?.split(',')[Number(process.env.TEST_PARALLEL_INDEX)]
}

export default defineConfig({
  testDir: '.', testIgnore: 'stack/**', outputDir: process.env.CONSOLE_OUT ?? '/tmp/console-e2e', workers, retries: 0, timeout: 300_000, reporter: [['list']], expect: { timeout: 60_000 },
  use: {
    baseURL: process.env.CONSOLE_URL, contextOptions: visitor,
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] },
  },
})

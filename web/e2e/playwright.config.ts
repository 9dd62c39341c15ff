import { defineConfig } from '@playwright/test'

// The console runs against a demo that whoever starts the tests has started: e2e/console_test.go does.
export default defineConfig({
  testDir: '.', testIgnore: 'stack/**', outputDir: process.env.CONSOLE_OUT ?? '/tmp/console-e2e', workers: 1, retries: 0, timeout: 300_000, reporter: [['list']], expect: { timeout: 60_000 },
  use: {
    baseURL: process.env.CONSOLE_URL, viewport: { width: 1280, height: 800 }, contextOptions: { reducedMotion: 'reduce' }, locale: 'en-GB', timezoneId: 'UTC',
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'] },
  },
})

import { defineConfig } from '@playwright/test'
import demo from '../playwright.config'

// The console runs against an API with two workers, and AWS as moto plays it: e2e/console_stack_test.go starts them.
export default defineConfig({ ...demo, testDir: '.', testIgnore: [], timeout: 240_000, expect: { timeout: 60_000 } })

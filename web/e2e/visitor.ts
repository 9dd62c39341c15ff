import type { BrowserContextOptions } from '@playwright/test'

/** visitor is what the console can tell of who looks at it. */
export const visitor: BrowserContextOptions = { viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', locale: 'en-GB', timezoneId: 'UTC' }

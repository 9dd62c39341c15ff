import { type BrowserContext, expect, type Page, test as base, type TestInfo } from '@playwright/test'
import axeCore from 'axe-core'
import { visitor } from './visitor'

declare global {
  interface Window { axe: typeof axeCore }
}

const url = process.env.CONSOLE_URL!

/** keys are of the demo: an operator and actor's, and a viewer's. */
export const keys = { actor: process.env.CONSOLE_KEY!, viewer: process.env.CONSOLE_VIEWER_KEY! }

/** test fails where a page throws, or its policy refuses something. */
export const test = base.extend<{ watched: void }, { kept: BrowserContext }>({
  // A browser that has compiled the program once starts it in less of the processor's time.
  kept: [async ({ browser }, use) => {
    const context = await browser.newContext({ baseURL: url, ...visitor })
    await use(context)
    await context.close()
  }, { scope: 'worker' }],
  // What a test has done to it ends with the test: its session, what is stored, and its network.
  context: async ({ kept }, use) => {
    await use(kept)
    const [page = await kept.newPage()] = kept.pages()
    await (await kept.newCDPSession(page)).send('Storage.clearDataForOrigin', { origin: new URL(url).origin, storageTypes: 'cookies,local_storage' })
    await Promise.all(kept.pages().map((one) => one.close()))
    await kept.unrouteAll()
    await kept.setOffline(false)
  },
  watched: [async ({ page }, use) => {
    const faults: string[] = []
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) faults.push(message.text())
    })
    await use()
    expect(faults).toEqual([])
  }, { auto: true }],
})

export { expect }

/** signIn gives the browser a session without a page. */
export async function signIn(page: Page, key = keys.actor): Promise<void> {
  const answer = await page.request.post(`${url}/api/v1/auth/token`, { data: { api_key: key }, headers: { Origin: url } })
  expect(answer.ok()).toBe(true)
}

/** settled waits until nothing of a page loads any more. */
export async function settled(page: Page): Promise<void> {
  await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
}

/** dialog is what stands before a page, and hides it from those who read with their ears. */
const dialog = '[role="dialog"]'

const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']

/** axe holds a page to WCAG 2.2 AA, or the dialog before it. What a scheme changes is colours alone: rules limits it to theirs. */
export async function axe(page: Page, where: string, rules?: string[]): Promise<void> {
  // Not by @axe-core/playwright, which brings axe into the page anew for each look and reports what passes too: half of the time that all tests take.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeCore.source)
  const violations = await page.evaluate(async ([part, only]) => {
    // What changes its colour by and by is looked at when it has. What turns for ever is not waited for.
    await Promise.allSettled(document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity).map((one) => one.finished))
    // A dialog that was closing is gone by now: then it is the page that is shown.
    const { violations } = await window.axe.run(document.querySelector(part) ?? document, { runOnly: only, resultTypes: ['violations'] })
    return violations.map((one) => ({ id: one.id, nodes: one.nodes.slice(0, 4).map((node) => `${node.html.slice(0, 200)} ${node.failureSummary?.slice(0, 300)}`) }))
  }, [dialog, rules ? { type: 'rule', values: rules } : { type: 'tag', values: wcag }] as const)
  expect(violations, where).toEqual([])
}

/** pictured is how many pixels of a long page are kept: to paint all rows of a list takes longer than the rest of its test. */
const pictured = 1600

/**
 * holds is what holds of every page and dialog that is shown: it is accessible in light and in dark, and fits a phone of 390 pixels. The screenshots are kept
 * with what the run leaves.
 */
export async function holds(page: Page, info: TestInfo, where: string): Promise<void> {
  await settled(page)
  const size = page.viewportSize()!
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', colorScheme)
    await axe(page, `${where}, ${colorScheme}`, colorScheme === 'dark' ? ['color-contrast', 'link-in-text-block'] : undefined)
    const isWhole = colorScheme === 'light' && (await page.locator(dialog).count()) === 0
    await page.screenshot({ path: info.outputPath(`${where.replaceAll(/\W+/g, '-')}-${colorScheme}.png`), ...(isWhole && { fullPage: true, clip: { x: 0, y: 0, width: size.width, height: pictured } }) })
  }
  await page.setViewportSize({ width: 390, height: 800 })
  // A page that listens to its width is laid out again after the window has changed.
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth), { message: `${where} is wider than a phone` }).toBeLessThanOrEqual(390)
  await page.setViewportSize(size)
}

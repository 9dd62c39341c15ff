import { axe, expect, signIn, test } from './console'

// What each page shows when it is there whole.
const pages: [path: string, heading: string, shows: RegExp][] = [
  ['/', 'Overview', /Ten dearest/],
  ['/inventory', 'Inventory', /as of/],
  ['/scans', 'Scans', /a schedule/],
  ['/savings', 'Savings', /findings, /],
  ['/plans', 'Plans', /Saves a month/],
]

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme })

    test(`pages are whole and accessible in ${colorScheme}`, async ({ page }, info) => {
      await signIn(page)
      for (const [path, heading, shows] of pages) {
        await page.goto(path)
        await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
        await expect(page.getByText(shows).first()).toBeVisible()
        await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
        await axe(page, path)
        await page.screenshot({ path: info.outputPath(`${heading.toLowerCase()}.png`), fullPage: true })
      }
    })

    test(`a scan, a plan, a resource and dialogs are accessible in ${colorScheme}`, async ({ page }, info) => {
      await signIn(page)
      await page.goto('/scans')
      await page.getByRole('button', { name: 'New scan' }).click()
      await expect(page.getByRole('dialog')).toBeVisible()
      await axe(page, 'new scan')
      await page.getByRole('button', { name: 'Start the scan' }).click()
      await expect(page).toHaveURL(/\/scans\/.+/)
      await expect(page.getByText('succeeded').first()).toBeVisible({ timeout: 60_000 })
      await expect(page.getByRole('rowheader', { name: 'rds' })).toBeVisible()
      await axe(page, 'a scan')
      await page.screenshot({ path: info.outputPath('scan.png'), fullPage: true })

      await page.goto('/plans')
      await page.getByRole('link', { name: /Plan |delete|stop|tag/ }).last().click()
      await expect(page.getByText(/Digest/)).toBeVisible()
      await axe(page, 'a plan')
      await page.screenshot({ path: info.outputPath('plan.png'), fullPage: true })

      await page.goto('/inventory?sort=-cost')
      await page.locator('.grid-line button').first().click()
      await expect(page.getByRole('dialog')).toContainText('ARN')
      await axe(page, 'a resource')
      await page.screenshot({ path: info.outputPath('resource.png') })
    })

    test(`signing in is accessible in ${colorScheme}`, async ({ page }) => {
      await page.goto('/sign-in')
      await expect(page.getByLabel('API key')).toBeVisible()
      await axe(page, '/sign-in')
      await page.getByLabel('API key').fill('no such key, and long enough')
      await page.getByRole('button', { name: 'Sign in' }).click()
      await expect(page.getByRole('alert')).toBeVisible()
      await axe(page, 'a refusal')
    })
  })
}

test('pages fit a phone of 390 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 })
  await signIn(page)
  for (const [path, heading] of pages) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await expect(page.locator('.mantine-Skeleton-root')).toHaveCount(0)
    expect(await page.evaluate(() => document.documentElement.scrollWidth), path).toBeLessThanOrEqual(390)
  }
})

import { expect, holds, signIn, test } from './console'

// What each page shows when it is there whole.
const pages: [path: string, heading: string, shows: RegExp][] = [
  ['/', 'Overview', /Ten dearest/],
  ['/inventory', 'Inventory', /as of/],
  ['/scans', 'Scans', /a schedule/],
  ['/savings', 'Savings', /findings, /],
  ['/plans', 'Plans', /Saves a month/],
]

for (const [path, heading, shows] of pages) {
  test(`${path} is whole and accessible`, async ({ page }, info) => {
    await signIn(page)
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1, name: heading })).toBeVisible()
    await expect(page.getByText(shows).first()).toBeVisible()
    await holds(page, info, heading)
  })
}

test('a scan, a plan, a resource and dialogs are accessible', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/scans')
  await page.getByRole('button', { name: 'New scan' }).click()
  await expect(page.getByRole('dialog')).toBeVisible()
  await holds(page, info, 'new scan')
  await page.getByRole('button', { name: 'Start the scan' }).click()
  await expect(page).toHaveURL(/\/scans\/.+/)
  await expect(page.getByText('succeeded').first()).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('rowheader', { name: 'rds' })).toBeVisible()
  await holds(page, info, 'a scan')

  await page.goto('/plans')
  await page.getByRole('link', { name: /Plan |delete|stop|tag/ }).last().click()
  await expect(page.getByText(/Digest/)).toBeVisible()
  await holds(page, info, 'a plan')

  await page.goto('/inventory?sort=-cost')
  await page.locator('.grid-line button').first().click()
  await expect(page.getByRole('dialog')).toContainText('ARN')
  await holds(page, info, 'a resource')
})

test('signing in is accessible', async ({ page }, info) => {
  await page.goto('/sign-in')
  await expect(page.getByLabel('API key')).toBeVisible()
  await expect(page.getByText(/organisation/)).toHaveCount(0)
  await holds(page, info, 'sign in')
  await page.getByLabel('API key').fill('no such key, and long enough')
  await page.getByRole('button', { name: 'Sign in' }).click()
  await expect(page.getByRole('alert')).toBeVisible()
  await holds(page, info, 'a refusal')
})

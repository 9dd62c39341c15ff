import type { Locator } from '@playwright/test'
import { expect, holds, settled, signIn, test } from './console'

/** dollars reads a sum as the page writes it. */
const dollars = async (of: Locator): Promise<number> => Number((await of.textContent())!.replaceAll(/[^\d.-]/g, ''))

test('from what has changed to a resource and its history', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/diff')
  await expect(page.getByText(/^All \d+ changes/)).toBeVisible({ timeout: 60_000 })
  await holds(page, info, 'changes')

  // The list's sum is the figure.
  const table = page.getByRole('region', { name: 'Changes' })
  const figure = page.locator('.mantine-Card-root').filter({ hasText: 'Cost a month' }).locator('p').nth(1)
  expect(await dollars(table.locator('tfoot th').last())).toBe(await dollars(figure))

  const row = table.getByRole('row').filter({ hasText: 'public ip' }).first()
  await expect(row).toContainText(/not there.*→.*\d+\.\d+\.\d+\.\d+/)
  const name = (await row.getByRole('button').textContent())!
  await row.getByRole('button').click()
  await expect(page).toHaveURL(/\/diff\?resource=/)
  const drawer = page.getByRole('dialog', { name: 'Resource' })
  await expect(drawer.getByRole('heading', { name })).toBeVisible()
  await drawer.getByRole('tab', { name: 'History' }).click()
  await expect(drawer.getByText(/public ip/).first()).toBeVisible()
  await expect(drawer.getByText(/lines? of the audit (was|were) read, back to .* all that are kept/)).toBeVisible()
  await holds(page, info, 'history from a change')
  await drawer.getByRole('button', { name: 'Close' }).click()
  await expect(page).toHaveURL(/\/diff$/)
})

test('the address narrows what is compared', async ({ page }) => {
  await signIn(page)
  await page.goto('/diff?change=removed&filter=type:EBS_Volume')
  const table = page.getByRole('region', { name: 'Changes' })
  await expect(table.getByRole('row').filter({ hasText: 'removed' }).first()).toBeVisible()
  await expect(table.getByRole('row').filter({ hasText: /\badded\b/ })).toHaveCount(0)
  await page.getByLabel('From').fill('the other day')
  await page.getByRole('button', { name: 'Compare' }).click()
  await expect(page.getByRole('alert')).toContainText('query.from')
  await expect(page).toHaveURL(/from=the(\+|%20)other(\+|%20)day/)
  await page.getByRole('button', { name: 'The newest scan' }).click()
  await expect(page).toHaveURL(/to=[0-9a-f-]{36}/)
  await settled(page)
  await expect(page.getByRole('link', { name: /^the scan of / })).toBeVisible()
})

test('cells of which nothing is known stand before what has changed, and an empty list says so', async ({ page }, info) => {
  await signIn(page)
  await page.route(/\/api\/v1\/diff\?/, async (route) => {
    const answer = await route.fetch()
    const found = await answer.json()
    await route.fulfill({ json: {
      ...found, complete: false, changes: [], next_cursor: undefined,
      summary: { ...found.summary, added: 0, removed: 0, changed: 0, cost_difference: 0, resources_with_unknown_cost: 0 },
      unknown: { cells: 3, cells_known: 97, by_reason: { not_seen: 2, new: 1 }, list: [{ account_id: '111122223333', region: 'eu-west-1', resource_type: 'RDS_Instance', reason: 'not_seen', outcome: 'denied', last_seen: null }] },
    } })
  })
  await page.goto('/diff')
  await expect(page.getByText('Of 3 cells of 100 it is not known what has changed')).toBeVisible()
  await page.getByText('Which cells, and why').click()
  await expect(page.getByRole('cell', { name: /not seen, denied, last seen never/ })).toBeVisible()
  await expect(page.getByText('and 2 more')).toBeVisible()
  await expect(page.getByText('Nothing has changed')).toBeVisible()
  await holds(page, info, 'changes in part')
})

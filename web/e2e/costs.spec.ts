import type { Page } from '@playwright/test'
import { expect, holds, settled, signIn, test } from './console'

interface Count { estimated_monthly_total: number; resources: number; resources_with_unknown_cost: number }
interface Group extends Count { keys: (string | null)[] }
interface Groups { total: Count; groups: Group[]; pending_scans: string[] }

const dollars = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'USD' })

async function ask<T>(page: Page, path: string): Promise<T> {
  const answer = await page.request.get(`/api/v1/${path}`)
  expect(answer.ok(), path).toBe(true)
  return answer.json() as Promise<T>
}

/** sumOf adds up the list that an address of the inventory shows. */
async function sumOf(page: Page, href: string): Promise<number> {
  const filter = new URL(href, 'http://console').searchParams.get('filter') ?? ''
  let sum = 0
  let cursor = ''
  do {
    const list = await ask<{ resources: { estimated_cost_monthly: number | null }[]; next_cursor?: string }>(page, `inventory?${new URLSearchParams({ filter, limit: '500', ...(cursor && { cursor }) }).toString()}`)
    for (const one of list.resources) sum += one.estimated_cost_monthly ?? 0
    cursor = list.next_cursor ?? ''
  } while (cursor)
  return sum
}

test('no figure of a map is cut: it would read as another', async ({ page }) => {
  await signIn(page)
  await page.goto('/costs?by=type&then=region')
  const boxes = page.locator('.treemap g[role=link]')
  await expect(boxes.nth(5)).toBeVisible()
  expect(await boxes.evaluateAll((all) => all.flatMap((box) => {
    const width = box.querySelector('rect')!.width.baseVal.value
    return [...box.querySelectorAll('text')].filter((text) => 7 + text.getComputedTextLength() > width).map((text) => text.textContent)
  }))).toEqual([])
  // A name that is cut says so.
  for (const box of await boxes.all()) {
    const label = (await box.getAttribute('aria-label'))!
    for (const text of await box.locator('text').allTextContents()) expect(label).toContain(text.replace(/…$/, ''))
  }
})

test('costs are those of the API, and each bar leads to the list whose sum it is', async ({ page }, info) => {
  await signIn(page)
  await expect(async () => {
    const groups = await ask<Groups>(page, 'inventory/groups?by=service,type')
    expect(groups.total.resources).toBeGreaterThan(0)
    await page.goto('/costs?days=90')
    await expect(page.getByText(dollars.format(groups.total.estimated_monthly_total)).first()).toBeVisible({ timeout: 5_000 })
    await expect(page.getByText(`${groups.total.resources_with_unknown_cost} unknown`).first()).toBeVisible({ timeout: 5_000 })
    const bars = page.getByRole('list', { name: 'Cost by service' }).getByRole('listitem')
    for (const bar of (await bars.all()).slice(0, 4)) {
      const shown = (await bar.textContent())!
      expect(shown).toContain(dollars.format(await sumOf(page, (await bar.getByRole('link').first().getAttribute('href'))!)))
    }
  }).toPass({ timeout: 80_000 })
  await expect(page.getByRole('img', { name: /Cost a month, by day, and the forecast/ })).toBeVisible()
  await expect(page.getByText('No bill was read yet')).toBeVisible()
  await holds(page, info, 'costs')

  await page.getByRole('list', { name: 'Cost by service' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/inventory\?filter=type/)
})

test('days that stand out are marked on the trend, and say what made them', async ({ page }) => {
  await signIn(page)
  await expect(async () => {
    const { anomalies } = await ask<{ anomalies: { day: string }[] }>(page, 'anomalies?by=type&from=90d')
    expect(anomalies.length).toBeGreaterThan(0)
    await page.goto('/costs?by=type&then=none&days=90')
    await settled(page)
    expect(await page.locator('.chart .mark').count()).toBe(new Set(anomalies.map((one) => one.day)).size)
  }).toPass({ timeout: 80_000 })
  await page.getByRole('region', { name: 'Days that stand out' }).locator('summary').first().click()
  await expect(page.getByRole('region', { name: 'Days that stand out' }).getByRole('link', { name: 'All changes of the day' }).first()).toHaveAttribute('href', /\/diff\?from=.*&to=/)
})

test('the address holds the dimensions, also a tag', async ({ page }) => {
  await signIn(page)
  await page.goto('/costs?by=tag:Team&then=region')
  await expect(page.getByRole('heading', { name: 'Cost by tag Team and region' })).toBeVisible()
  await expect(page.getByText(/has no trend of its own/)).toBeVisible()
  await page.getByText('As a table', { exact: true }).first().click()
  const row = page.getByRole('region', { name: /Cost by tag Team and region/ }).getByRole('row').nth(1)
  const link = row.getByRole('link').last()
  expect((await link.textContent())!).toBe(dollars.format(await sumOf(page, (await link.getAttribute('href'))!)))
  await page.getByRole('combobox', { name: 'Then by' }).click()
  await page.getByRole('option', { name: 'account' }).click()
  await expect(page).toHaveURL(/then=account/)
})

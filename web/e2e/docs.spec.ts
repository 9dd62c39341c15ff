import { expect, test } from './console'

test('the documents page shows its operations, and keeps the authorization for its tab and in no other', async ({ page, context }) => {
  await page.goto('/api/v1/docs')
  await page.locator('button.authorize').click()
  const box = page.locator('.auth-container', { has: page.locator('#api_key_value') }).first()
  await box.locator('#api_key_value').fill(process.env.CONSOLE_KEY!)
  await box.locator('button[type=submit]').click()
  await expect.poll(() => page.evaluate(() => [sessionStorage.length, localStorage.length])).toEqual([1, 0])
  await page.reload()
  await expect(page.locator('button.authorize.locked')).toBeVisible()
  // What an operation takes and answers is there with all that it refers to.
  await page.locator('#operations-tag-scans').click()
  const start = page.locator('#operations-scans-start-scan')
  await start.locator('.opblock-summary-control').click()
  await expect(start.getByText('"EC2_Instance"').first()).toBeVisible()
  await expect(start.getByText('"estimated_monthly_total"').first()).toBeVisible()

  const other = await context.newPage()
  await other.goto('/api/v1/docs')
  await expect(other.locator('button.authorize.unlocked')).toBeVisible()
})

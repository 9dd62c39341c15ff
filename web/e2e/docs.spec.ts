import { expect, test } from './console'

test('the documents page keeps the authorization for its tab, and in no other', async ({ page, context }) => {
  await page.goto('/api/v1/docs')
  await page.locator('button.authorize').click()
  const box = page.locator('.auth-container', { has: page.locator('#api_key_value') }).first()
  await box.locator('#api_key_value').fill(process.env.CONSOLE_KEY!)
  await box.locator('button[type=submit]').click()
  await expect.poll(() => page.evaluate(() => [sessionStorage.length, localStorage.length])).toEqual([1, 0])
  await page.reload()
  await expect(page.locator('button.authorize.locked')).toBeVisible()

  const other = await context.newPage()
  await other.goto('/api/v1/docs')
  await expect(other.locator('button.authorize.unlocked')).toBeVisible()
})

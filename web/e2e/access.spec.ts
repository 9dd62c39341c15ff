import { expect, holds, keys, settled, signIn, test } from './console'

const admin = process.env.CONSOLE_ADMIN_KEY!

const tabs: [tab: string, shows: RegExp][] = [
  ['people', /this one/], ['keys', /VALID_API_KEYS/], ['roles', /agrees to plans of others/i], ['accounts', /may work in/], ['quotas', /Of the tenant/], ['tenants', /does not exist for a tenant/],
]

for (const [tab, shows] of tabs) {
  test(`${tab} of access is whole and accessible`, async ({ page }, info) => {
    await signIn(page, admin)
    await page.goto(`/access?tab=${tab}`)
    await expect(page.getByText(shows).first()).toBeVisible()
    await holds(page, info, `access ${tab}`)
  })
}

test('the limits of a tenant are accessible', async ({ page }, info) => {
  await signIn(page, admin)
  await page.goto('/access?tab=tenants')
  await page.getByRole('button', { name: 'Quotas and accounts of default' }).click()
  await expect(page.getByRole('dialog').getByText('cells per day').first()).toBeVisible()
  await holds(page, info, 'limits of a tenant')
})

test('a key is made, shown once, works, is rotated and deleted', async ({ page }, info) => {
  const name = `made ${Date.now()}`
  await signIn(page, admin)
  await page.goto('/access?tab=keys')
  await page.getByRole('button', { name: 'New key' }).click()
  await page.getByLabel('Name').fill(name)
  await page.getByRole('button', { name: 'Another role' }).click()
  await page.getByRole('combobox', { name: 'Only regions' }).fill('eu-west-1')
  await page.keyboard.press('Enter')
  await holds(page, info, 'new key')
  await page.getByRole('button', { name: 'Make the key' }).click()
  const shown = page.getByRole('region', { name: 'The secret' })
  await expect(shown).toBeVisible()
  const secret = (await shown.textContent())!.trim()
  expect(secret).toMatch(/^trk_/)
  await page.getByRole('button', { name: 'I have it' }).click()
  await expect(page.getByText(secret)).toHaveCount(0)
  await expect(page.getByRole('row', { name: new RegExp(name) })).toContainText('only regions eu-west-1')
  const ask = async (key: string) => (await page.request.get('/api/v1/whoami', { headers: { 'X-API-Key': key } })).status()
  expect(await ask(secret)).toBe(200)

  await page.getByRole('button', { name: `Rotate ${name}` }).click()
  await page.getByRole('button', { name: 'Give it a new secret' }).click()
  const second = (await page.getByRole('region', { name: 'The secret' }).textContent())!.trim()
  expect(second).not.toBe(secret)
  expect([await ask(secret), await ask(second)]).toEqual([200, 200])
  await page.getByRole('button', { name: 'I have it' }).click()

  await page.getByRole('button', { name: `Delete ${name}` }).click()
  await holds(page, info, 'deleting a key')
  await page.getByRole('button', { name: 'Delete the key' }).click()
  await expect(page.getByRole('row', { name: new RegExp(name) })).toHaveCount(0)
  expect([await ask(secret), await ask(second)]).toEqual([401, 401])
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain('trk_')
})

test('a viewer sees why there are no keys, no tenants and no verb', async ({ page }) => {
  await signIn(page, keys.viewer)
  await page.goto('/access?tab=keys')
  await expect(page.getByText('It needs the permission manage')).toBeVisible()
  await expect(page.getByRole('tab', { name: 'Tenants' })).toHaveCount(0)
  for (const tab of ['keys', 'roles', 'accounts', 'quotas', 'tenants']) {
    await page.goto(`/access?tab=${tab}`)
    await settled(page)
    await expect(page.getByRole('button', { name: /new|rotate|delete|check|set/i }), tab).toHaveCount(0)
  }
})

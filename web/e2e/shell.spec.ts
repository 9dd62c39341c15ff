import { axe, expect, holds, keys, signIn, test } from './console'

test('the palette leads to a page and to a resource, by keyboard alone', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/plans')
  await expect(page.getByRole('heading', { level: 1, name: 'Plans' })).toBeVisible()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: /A page, a verb/ })
  await expect(field).toBeFocused()
  await holds(page, info, 'palette')
  await field.fill('inven')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/\/inventory$/)

  const { resources } = await (await page.request.get('/api/v1/inventory?filter=type:RDS_Instance&limit=1')).json()
  await page.keyboard.press('Control+k')
  await field.fill(resources[0].resource_id)
  const found = page.getByRole('option', { name: /RDS Instance/ })
  await expect(found.first()).toBeVisible()
  while ((await found.first().getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('dialog')).toContainText(resources[0].arn)
})

test('the palette offers verbs to those who may', async ({ page }) => {
  await signIn(page, keys.viewer)
  await page.goto('/')
  await page.getByRole('button', { name: 'Go to' }).click()
  await expect(page.getByRole('option', { name: 'Overview' })).toBeVisible()
  await expect(page.getByRole('option', { name: /Start a scan|Plan savings|Make an API key|Add a/ })).toHaveCount(0)
  await expect(page.getByRole('option', { name: 'Sign out' })).toBeVisible()
})

test('what runs and who is signed in stand below their buttons, on a phone too', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 })
  await signIn(page)
  await page.goto('/plans')
  const tray = page.getByRole('group', { name: 'What runs' })
  await page.getByRole('button', { name: /^(Idle|\d+ running)$/ }).click()
  await expect(tray).toBeVisible()
  await axe(page, 'what runs')
  await page.keyboard.press('Escape')
  await expect(tray).toBeHidden()

  // Until something is opened, the last button of the header is the person's.
  await page.getByRole('banner').getByRole('button').last().click()
  await expect(page.getByText('Tenant default')).toBeInViewport()
  await axe(page, 'who is signed in')
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/\/sign-in/)
})

import { expect, keys, settled, signIn, test } from './console'

test('a deep link survives signing in', async ({ page }) => {
  await page.goto('/inventory?filter=type:RDS_Instance&sort=-cost')
  await expect(page).toHaveURL(/\/sign-in\?to=/)
  await page.getByLabel('API key').fill(keys.actor)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(/\/inventory\?filter=type%3ARDS_Instance&sort=-cost/)
  await expect(page.getByRole('cell', { name: 'RDS Instance' }).first()).toBeVisible()
  await expect(page.getByRole('cell', { name: 'EC2 Instance' })).toHaveCount(0)
})

test('a filter that is wrong is refused where it is', async ({ page }) => {
  await signIn(page)
  await page.goto('/inventory')
  await page.getByLabel('Filter', { exact: true }).fill('cost>>5')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert')).toContainText('filter')
})

test('a box of the map leads to the list behind it', async ({ page }) => {
  await signIn(page)
  await page.goto('/')
  const box = page.getByRole('link', { name: /rds, RDS Instance: / })
  await box.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/filter=type%3ARDS_Instance/)
  await expect(page.getByRole('cell', { name: 'RDS Instance' }).first()).toBeVisible()
})

test('a viewer sees no verb', async ({ page }) => {
  await signIn(page, keys.viewer)
  const verbs = /new scan|cancel|apply|approve|undo|make a plan|acknowledge|go on|leave it/i
  for (const path of ['/', '/inventory', '/scans', '/savings', '/plans']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await settled(page)
    await expect(page.getByRole('button', { name: verbs }), path).toHaveCount(0)
    await expect(page.getByRole('checkbox'), path).toHaveCount(0)
  }
  await page.getByRole('link', { name: /Plan |delete|stop|tag/ }).first().click()
  await expect(page.getByText(/Digest/)).toBeVisible()
  await expect(page.getByRole('button', { name: verbs })).toHaveCount(0)
})

test('a session that has ended leads to the sign-in page and back', async ({ page, context }) => {
  await signIn(page)
  await page.goto('/plans')
  await expect(page.getByRole('heading', { level: 1, name: 'Plans' })).toBeVisible()
  await context.clearCookies()
  await page.getByRole('link', { name: 'Savings' }).click()
  await expect(page).toHaveURL(/\/sign-in\?to=%2Fsavings/)
})

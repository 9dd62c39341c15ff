import { expect, holds, signIn, test } from './console'
import { choose, typeKeys } from './scans'

const admin = process.env.CONSOLE_ADMIN_KEY!

test("the server's identity is tested and scanned", async ({ page }, info) => {
  await signIn(page)
  await page.goto('/connect?way=identity')
  await choose(page, 'Regions', 'eu-west-1')
  await choose(page, 'Services', 'ec2')
  await page.getByRole('button', { name: 'Test access' }).click()
  await expect(page.getByText(/The account is 111122223333/)).toBeVisible({ timeout: 60_000 })
  await expect(page).toHaveURL(/check=/)
  await holds(page, info, 'access tested')
  await page.reload()
  await expect(page.getByText(/The account is 111122223333/)).toBeVisible()
  await page.getByRole('button', { name: 'First scan' }).click()
  await expect(page).toHaveURL(/\/scans\/.+/)
  await expect(page.getByText('succeeded').first()).toBeVisible({ timeout: 90_000 })
})

test('keys are sent with a call and forgotten', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/connect?way=keys')
  await choose(page, 'Regions', 'eu-west-1')
  await choose(page, 'Types', 'EC2_Instance')
  await typeKeys(page, 'a-secret-of-the-test')
  await page.getByRole('button', { name: 'Test access' }).click()
  await expect(page.getByText(/The account is/)).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('textbox', { name: /^Access key ID/ })).toHaveValue('')
  expect(await page.content()).not.toContain('a-secret-of-the-test')
  expect(await page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }, location.href]))).not.toContain('a-secret-of-the-test')
  await holds(page, info, 'connect by keys')
})

test('a role is registered, made by a template, tested and scanned', async ({ page }, info) => {
  await signIn(page, admin)
  await page.goto('/connect')
  await holds(page, info, 'connect')
  const name = `member-${Date.now()}`
  await page.getByRole('textbox', { name: /^Name/ }).fill(name)
  await page.getByRole('textbox', { name: /^AWS account/ }).fill('999988887777')
  await page.getByRole('textbox', { name: /^Role/ }).fill(`audit-${Date.now()}`)
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByLabel('What the server runs as').fill('arn:aws:iam::999999999999:role/tracker')
  const template = page.getByLabel('Template', { exact: true })
  await expect(template).toContainText('AWS::IAM::Role')
  await expect(template).not.toContainText('StopInstances')
  await expect(page.getByRole('link', { name: /in CloudFormation/ })).toHaveAttribute('href', /^https:\/\/console\.aws\.amazon\.com\/cloudformation/)
  await page.getByRole('combobox', { name: 'Actions of plans' }).fill('stop')
  await page.getByRole('option', { name: 'stop', exact: true }).click()
  await expect(template).toContainText('ec2:StopInstances')
  await page.getByRole('combobox', { name: 'Actions of plans' }).blur()
  await page.getByRole('switch', { name: 'Read metrics' }).check()
  await expect(template).toContainText('cloudwatch:GetMetricData')
  const { account } = (await (await page.request.get(`${process.env.CONSOLE_URL}/api/v1/accounts/${name}`)).json()) as { account: { external_id: string } }
  await expect(page.getByLabel('External ID', { exact: true })).toHaveText(account.external_id)
  await expect(page.getByRole('cell', { name })).toBeVisible()
  await page.getByText('The policies by themselves').click()
  await holds(page, info, 'the role of an account')
  const deleted = await page.request.delete(`${process.env.CONSOLE_URL}/api/v1/accounts/${name}`, { headers: { Origin: process.env.CONSOLE_URL! } })
  expect(deleted.ok()).toBe(true)
})

test('an account of another part of AWS is registered, with the console of that part', async ({ page }) => {
  await signIn(page, admin)
  await page.goto('/connect')
  const name = `federal-${Date.now()}`
  await page.getByRole('textbox', { name: /^Name/ }).fill(name)
  await page.getByRole('combobox', { name: 'Part of AWS' }).selectOption('AWS GovCloud (US)')
  await page.getByRole('textbox', { name: /^AWS account/ }).fill('999988886666')
  await page.getByRole('button', { name: 'Register' }).click()
  await page.getByLabel('What the server runs as').fill('arn:aws-us-gov:iam::999999999999:role/tracker')
  await expect(page.getByRole('link', { name: /in CloudFormation/ })).toHaveAttribute('href', /^https:\/\/console\.amazonaws-us-gov\.com\//)
  const { account } = (await (await page.request.get(`${process.env.CONSOLE_URL}/api/v1/accounts/${name}`)).json()) as { account: { role_arn: string } }
  expect(account.role_arn).toBe('arn:aws-us-gov:iam::999988886666:role/resource-tracker')
  const deleted = await page.request.delete(`${process.env.CONSOLE_URL}/api/v1/accounts/${name}`, { headers: { Origin: process.env.CONSOLE_URL! } })
  expect(deleted.ok()).toBe(true)
})

test('an operator is told who registers accounts', async ({ page }) => {
  await signIn(page)
  await page.goto('/connect?way=role')
  await expect(page.getByText(/needs the role admin/)).toBeVisible()
  await expect(page.getByRole('button', { name: 'Register' })).toHaveCount(0)
})

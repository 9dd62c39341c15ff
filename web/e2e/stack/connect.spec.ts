import type { Page } from '@playwright/test'
import { expect, holds, signIn, test } from '../console'
import { drawn, listed } from '../grid'

/** stack asks the test that runs the programs to hold calls to AWS, let them go, allow what is denied, or kill the API and start it again. */
const stack = (verb: 'hold' | 'release' | 'allow' | 'restart') => fetch(`${process.env.STACK_CONTROL}/${verb}`, { method: 'POST' })

async function typeKeys(page: Page): Promise<void> {
  await page.getByLabel('Access key ID').fill('AKIAEXAMPLE')
  await page.getByLabel('Secret access key').first().fill('an-example-secret')
}

test('connect by keys, first scan through a restart, partial by denial, whole by a retry', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/connect?way=keys')
  for (const region of ['us-east-1', 'eu-west-1', 'sa-east-1']) {
    await page.getByLabel('Regions').fill(region)
    await page.keyboard.press('Enter')
  }
  await page.getByLabel(/^Types/).click()
  for (const type of ['EBS_Volume', 'EC2_Instance', 'RDS_Instance']) await page.getByRole('option', { name: type, exact: true }).click()
  await page.keyboard.press('Escape')

  await typeKeys(page)
  await page.getByRole('button', { name: 'Test access' }).click()
  await expect(page.getByText(/The account is 123456789012/)).toBeVisible()
  const missing = page.getByRole('alert').filter({ hasText: 'missing' })
  await expect(missing).toContainText('rds:DescribeDBInstances')
  await expect(missing.getByLabel('Policy with what is missing', { exact: true })).toContainText('rds:DescribeDBInstances')
  await expect(page.getByLabel('Access key ID')).toHaveValue('')
  await holds(page, info, 'access with a denial')

  await stack('hold')
  await typeKeys(page)
  await page.getByRole('button', { name: 'First scan' }).click()
  await expect(page).toHaveURL(/\/scans\/.+/)
  const id = page.url().split('/').at(-1)!
  await expect(page.locator('.heat td[data-state=failed]')).toHaveCount(1)
  await expect(page.getByText('running').first()).toBeVisible()
  const restarted = stack('restart')
  await expect(page.getByText(/The connection is lost/)).toBeVisible()
  await restarted
  await expect(page.getByText(/The connection is lost/)).toHaveCount(0)
  await stack('release')

  await expect(page.getByText('partial').first()).toBeVisible()
  await expect.poll(() => drawn(page)).toEqual(await listed(page, id))
  const causes = page.getByRole('alert').filter({ hasText: '1 cell not seen' })
  await expect(causes).toContainText('The permission is rds:DescribeDBInstances')
  await causes.getByText('Which 1 cell').click()
  await expect(causes.getByRole('row').filter({ hasText: 'eu-west-1' })).toContainText('RDS Instance')
  await causes.getByText('The policy to allow it').click()
  await expect(causes.getByLabel('What was denied', { exact: true })).toContainText('"rds:DescribeDBInstances"')
  await holds(page, info, 'partial by denial')

  await stack('allow')
  await page.getByRole('button', { name: 'Retry 1 failed cell' }).click()
  await page.getByLabel('Keys').check()
  await typeKeys(page)
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect(page.getByText('succeeded').first()).toBeVisible()
  await expect(page.locator('.heat td[data-state=failed]')).toHaveCount(0)
  await expect.poll(() => drawn(page)).toEqual(await listed(page, id))
})

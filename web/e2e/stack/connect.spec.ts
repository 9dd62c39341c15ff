import { expect, holds, signIn, test } from '../console'
import { choose, showsWhatIsListed, typeKeys } from '../scans'

/** stack asks the test that runs the programs to hold calls to AWS, let them go, allow what is denied, or kill the API and start it again. */
const stack = (verb: 'hold' | 'release' | 'allow' | 'restart') => fetch(`${process.env.STACK_CONTROL}/${verb}`, { method: 'POST' })

test('connect by keys, first scan through a restart, partial by denial, whole by a retry', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/connect?way=keys')
  await choose(page, 'Regions', 'us-east-1', 'eu-west-1', 'sa-east-1')
  await choose(page, 'Types', 'EBS_Volume', 'EC2_Instance', 'RDS_Instance')
  await typeKeys(page)
  await page.getByRole('button', { name: 'Test access' }).click()
  await expect(page.getByText(/The account is 123456789012/)).toBeVisible()
  const missing = page.getByRole('alert').filter({ hasText: 'missing' })
  await expect(missing).toContainText('rds:DescribeDBInstances')
  await expect(missing.getByLabel('Policy with what is missing', { exact: true })).toContainText('rds:DescribeDBInstances')
  await expect(page.getByRole('textbox', { name: /^Access key ID/ })).toHaveValue('')
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
  await showsWhatIsListed(page, id)
  const causes = page.getByRole('alert').filter({ hasText: '1 cell not seen' })
  await expect(causes).toContainText('The permission is rds:DescribeDBInstances')
  await causes.getByText('Which 1 cell').click()
  await expect(causes.getByRole('row').filter({ hasText: 'eu-west-1' })).toContainText('RDS Instance')
  await causes.getByText('The policy to allow it').click()
  await expect(causes.getByLabel('What was denied', { exact: true })).toContainText('"rds:DescribeDBInstances"')
  await holds(page, info, 'partial by denial')

  await stack('allow')
  await page.getByRole('button', { name: 'Retry 1 failed cell' }).click()
  await page.getByRole('radio', { name: 'Keys', exact: true }).check()
  await typeKeys(page)
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  await expect(page.getByText('succeeded').first()).toBeVisible()
  await expect(page.locator('.heat td[data-state=failed]')).toHaveCount(0)
  await showsWhatIsListed(page, id)
})

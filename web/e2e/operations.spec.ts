import { expect, holds, keys, signIn, test } from './console'

test('operations say how the service is', async ({ page }, info) => {
  await signIn(page, process.env.CONSOLE_ADMIN_KEY!)
  await page.goto('/operations')
  await expect(page.getByText('The server is ready')).toBeVisible()
  await expect(page.getByRole('rowheader', { name: 'interactive' })).toBeVisible()
  await expect(page.getByRole('rowheader', { name: 'ec2' })).toBeVisible()
  await expect(page.getByText(/AWS throttled/)).toBeVisible()
  await holds(page, info, 'operations')
})

test('a viewer sees the parts, and why not the rest', async ({ page }, info) => {
  await signIn(page, keys.viewer)
  await page.goto('/operations')
  await expect(page.getByText('The server is ready')).toBeVisible()
  await expect(page.getByText('They need the permission instance')).toBeVisible()
  await expect(page.getByRole('rowheader')).toHaveCount(0)
  await holds(page, info, 'operations of a viewer')
})

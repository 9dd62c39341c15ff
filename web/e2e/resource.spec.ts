import type { Page } from '@playwright/test'
import { expect, holds, keys, settled, signIn, test } from './console'

interface Listed { account_id: string; region: string; resource_type: string; resource_id: string }

/** keyOf is the key of the first resource that a filter selects. */
async function keyOf(page: Page, filter: string): Promise<string> {
  const answer = await page.request.get(`/api/v1/inventory?limit=1&filter=${encodeURIComponent(filter)}`)
  const one: Listed = (await answer.json()).resources[0]
  return `${one.account_id}/${one.region}/${one.resource_type}/${one.resource_id}`
}

const drawerOf = (page: Page) => page.getByRole('dialog', { name: 'Resource' })

test('each section of a resource is there', async ({ page }, info) => {
  await signIn(page)
  const key = await keyOf(page, 'type:EC2_Instance state:running meta.public_ip~.')
  await page.goto(`/inventory?filter=type:EC2_Instance&resource=${encodeURIComponent(key)}`)
  const drawer = drawerOf(page)
  await expect(drawer.getByRole('heading', { name: /^Cost: / })).toBeVisible()
  await expect(drawer.getByRole('cell', { name: 'compute' })).toBeVisible()
  await expect(drawer.getByRole('link', { name: 'Open in the console of AWS' })).toHaveAttribute('href', /^https:\/\/[a-z0-9-]+\.console\.aws\.amazon\.com\/ec2\/home\?region=.*#InstanceDetails:instanceId=i-/)
  await expect(drawer.getByRole('link', { name: 'Open in the console of AWS' })).toHaveAttribute('rel', 'noreferrer')
  await holds(page, info, 'facts')
  const tab = (name: string) => drawer.getByRole('tab', { name, exact: true }).click()

  await tab('Findings')
  await settled(page)
  await expect(drawer.getByText(/Would save|Nothing was found/).first()).toBeVisible()
  await holds(page, info, 'findings')
  await tab('Plans')
  await settled(page)
  await expect(drawer.getByText(/Plans are kept for a time|No plan is about it/).first()).toBeVisible()
  await holds(page, info, 'plans about it')
  await tab('JSON')
  await expect(drawer.getByText('"resource_id"')).toBeVisible()
  await holds(page, info, 'json')

  // Relations lead to other resources, in the same place.
  await tab('Relations')
  await expect(drawer.getByText(/From the scan of/)).toBeVisible()
  await drawer.getByText(/relations? as a table/).click()
  await holds(page, info, 'relations')
  const volume = drawer.getByRole('link', { name: /attached to · EBS Volume$/ }).first()
  await volume.focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(/resource=.*EBS_Volume/)
  await expect(drawer.getByText('EBS Volume', { exact: true }).first()).toBeVisible()
})

test('a resource that is gone still has its history', async ({ page }, info) => {
  await signIn(page)
  const removed = await page.request.get('/api/v1/diff?changes=removed&limit=1&filter=type:EBS_Volume')
  const key: string = (await removed.json()).changes[0].resource_key
  await page.goto(`/inventory?resource=${encodeURIComponent(key)}`)
  const drawer = drawerOf(page)
  await expect(drawer.getByText(/^Gone since/)).toBeVisible()
  await expect(drawer.getByRole('link', { name: 'Open in the console of AWS' })).toHaveCount(0)
  await drawer.getByRole('tab', { name: 'History' }).click()
  await expect(drawer.getByText('Gone', { exact: true })).toBeVisible()
  await expect(drawer.getByText(/ to now$/)).toHaveCount(0)
  await holds(page, info, 'gone')
  await page.goto('/inventory?resource=111122223333/us-east-1/EBS_Volume/vol-none')
  await expect(drawerOf(page).getByText('No scan has seen it')).toBeVisible()
})

test('a bucket that a change names by its cell is found', async ({ page }) => {
  await signIn(page)
  const changed = await page.request.get('/api/v1/diff?limit=1&filter=type:S3_Bucket')
  const key: string = (await changed.json()).changes[0].resource_key
  expect(key).toContain('/global/')
  await page.goto(`/diff?resource=${encodeURIComponent(key)}`)
  await expect(drawerOf(page).getByRole('link', { name: 'Open in the console of AWS' })).toHaveAttribute('href', /s3\/buckets\//)
})

test('a verb makes a plan, and a viewer sees none', async ({ page }, info) => {
  await signIn(page, keys.viewer)
  const at = `/inventory?resource=${encodeURIComponent(await keyOf(page, 'type:CloudWatch_LogGroup'))}`
  await page.goto(at)
  await expect(drawerOf(page).getByRole('tab', { name: 'History' })).toBeVisible()
  await expect(drawerOf(page).getByRole('button', { name: /plan/i })).toHaveCount(0)

  await signIn(page)
  await page.goto(at)
  await drawerOf(page).getByRole('button', { name: 'Plan a change' }).click()
  await page.getByRole('menuitem', { name: /^set retention/ }).click()
  const dialog = page.getByRole('dialog', { name: 'Plan: set retention' })
  const make = dialog.getByRole('button', { name: 'Make a plan' })
  await expect(make).toBeDisabled()
  await holds(page, info, 'plan a verb')
  await dialog.getByLabel('retention days').first().click()
  await page.getByRole('option', { name: '30', exact: true }).click()
  await make.click()
  await expect(page).toHaveURL(/\/plans\/.+/)
  await expect(page.getByText(/Digest/)).toBeVisible({ timeout: 60_000 })
})

import { expect, holds, keys, signIn, test } from './console'

test('the audit tells what was just done, and its chain holds', async ({ page }, info) => {
  await signIn(page)
  const headers = { Origin: process.env.CONSOLE_URL! }
  const added = await page.request.post('/api/v1/schedules', { headers, data: { name: `audited ${Date.now()}`, cron: '0 4 * * *', paused: true } })
  const { schedule_id: id } = (await added.json()) as { schedule_id: string }
  await page.goto('/audit')
  await expect(page.getByText('added a schedule').first()).toBeVisible()
  await holds(page, info, 'audit')

  await page.getByLabel('About').fill(id)
  await page.getByRole('button', { name: 'Filter' }).click()
  await expect(page).toHaveURL(new RegExp(`target=${id}`))
  await expect(page.getByText(/^1, the newest first/)).toBeVisible()
  await page.getByText('As it is kept').click()
  await expect(page.getByRole('region', { name: 'Lines of the audit' })).toContainText('"what": "schedule.created"')
  const lines = await page.request.get((await page.getByRole('link', { name: 'Export what is shown' }).getAttribute('href'))!)
  expect((await lines.text()).trim().split('\n').map((line) => (JSON.parse(line) as { what: string }).what)).toEqual(['schedule.created'])

  await page.getByRole('button', { name: 'Check the chain' }).click()
  await expect(page.getByText('The chain holds')).toBeVisible()
  await holds(page, info, 'the chain')
  await page.getByRole('link', { name: 'the schedule' }).click()
  await expect(page).toHaveURL(new RegExp(`schedules\\?schedule=${id}`))
  expect((await page.request.delete(`/api/v1/schedules/${id}`, { headers })).status()).toBe(204)
})

test('the address narrows the audit, also for a viewer, and a broken chain is named', async ({ page }) => {
  await page.route('**/api/v1/audit/verify?*', (route) => route.fulfill({
    json: { success: true, holds: false, dropped: 0, lines: 6, broken: { event_id: '7-0', number: 7, fault: 'changed', message: 'the line is not as it was written' } },
  }))
  await signIn(page, keys.viewer)
  await page.goto('/audit?action=plan.planned&from=2020-01-01')
  await expect(page.getByText('froze a plan, to be looked at').first()).toBeVisible()
  await expect(page.getByText('asked for a plan')).toHaveCount(0)
  await expect(page.getByRole('link', { name: 'the plan' }).first()).toBeVisible()
  await page.getByRole('button', { name: 'Check the chain' }).click()
  await expect(page.getByText('The chain does not hold at line 7')).toBeVisible()
  await page.goto('/audit?to=2020-01-01')
  await expect(page.getByText('No line matches')).toBeVisible()
})

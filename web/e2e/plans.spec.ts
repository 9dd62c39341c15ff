import type { Page } from '@playwright/test'
import { expect, holds, keys, settled, signIn, test } from './console'

const url = process.env.CONSOLE_URL!
const headers = { Origin: url }

/** planOf is the plan whose page is shown, as the API answers it. */
async function planOf(page: Page) {
  const id = new URL(page.url()).pathname.split('/').at(-1)
  return (await page.request.get(`${url}/api/v1/plans/${id}`)).json()
}

/** carryOut applies the plan whose page is shown, by its typed phrase, and waits until it is verified. */
async function carryOut(page: Page) {
  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  const phrase = (await page.locator('label code').textContent())!
  await page.getByLabel(/^Type/).fill(phrase)
  await page.getByRole('button', { name: phrase, exact: true }).click()
  await expect(page.getByText('succeeded')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByRole('link', { name: '1 verified' })).toBeVisible()
}

test('from a saving to a plan that is applied, verified and undone', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/savings?rule=idle_instance')
  await page.getByRole('checkbox').last().check()
  await page.getByRole('button', { name: 'Make a plan' }).click()
  await expect(page).toHaveURL(/\/plans\/.+/)

  await page.getByRole('button', { name: 'Apply', exact: true }).click()
  const phrase = (await page.locator('label code').textContent())!
  expect(phrase).toMatch(/^stop 1 \d{12}$/)
  await expect(page.getByText('All of it can be undone.')).toBeVisible()
  const apply = page.getByRole('button', { name: phrase, exact: true })
  await expect(apply).toBeDisabled()
  await page.getByLabel(/^Type/).fill(phrase + '0')
  await expect(apply).toBeDisabled()
  await holds(page, info, 'the typed phrase')
  const { plan } = await planOf(page)
  const refused = await page.request.post(`${url}/api/v1/plans/${plan.plan_id}/apply`, { headers, data: { digest: plan.digest, phrase: phrase + '0' } })
  expect(refused.status()).toBe(422)
  expect(await refused.text()).toContain('body.phrase')
  expect((await planOf(page)).plan.state).toBe('planned')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()

  await carryOut(page)
  await page.getByText('Evidence').click()
  await expect(page.getByText(/AWS shows now: stopped/)).toBeVisible()
  await holds(page, info, 'a verified plan')

  const before = page.url()
  await page.getByRole('button', { name: 'Undo', exact: true }).click()
  await expect(page).not.toHaveURL(before)
  await expect(page.getByRole('heading', { level: 1, name: /^Undo of/ })).toBeVisible()
  await carryOut(page)
  await page.getByRole('link', { name: 'another plan' }).click()
  await expect(page.getByText('There is a plan that undoes it')).toBeVisible()
  await expect(page.getByRole('button', { name: 'Undo', exact: true })).toHaveCount(0)
})

test('items are left out, the larger plan is cancelled, and both have reports', async ({ page }, info) => {
  await signIn(page)
  const { findings } = await (await page.request.get(`${url}/api/v1/findings?rule=unattached_volume&limit=3`)).json()
  const made = await page.request.post(`${url}/api/v1/findings/plan?wait=30`, { headers, data: { finding_ids: findings.map((one: { finding_id: string }) => one.finding_id) } })
  const old = (await made.json()).plan.plan_id
  await page.goto(`/plans/${old}`)
  await page.getByRole('checkbox', { checked: true }).first().uncheck()
  await expect(page.getByText('1 item left out')).toBeVisible()
  await holds(page, info, 'leaving out')
  await page.getByRole('button', { name: 'Plan without them' }).click()
  await expect(page).toHaveURL(/instead=/)
  await expect(page.getByRole('status').filter({ hasText: '2 items' })).toBeVisible()
  await expect(page.getByText('a larger plan, which is cancelled')).toBeVisible()
  expect((await planOf(page)).plan.totals.items).toBe(2)

  const [csv] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'CSV' }).click()])
  expect(csv.suggestedFilename()).toMatch(/^plan-.+\.csv$/)
  const html = await page.request.get(url + (await page.getByRole('link', { name: 'page to print' }).getAttribute('href'))!)
  expect(await html.text()).toContain('Saves a month')

  await page.getByRole('button', { name: 'Cancel the plan' }).click()
  await expect(page.getByText('Why it is cancelled')).toBeVisible()
  await holds(page, info, 'a cancelled plan')
})

test('a plan is followed through a lost connection and a reload', async ({ page, context }) => {
  await signIn(page)
  const { findings } = await (await page.request.get(`${url}/api/v1/findings?rule=unattached_volume&limit=1`)).json()
  const made = await page.request.post(`${url}/api/v1/findings/plan?wait=30`, { headers, data: { finding_ids: [findings[0].finding_id] } })
  const id = (await made.json()).plan.plan_id
  await page.route('**/events', (route) => route.abort())
  await page.goto(`/plans/${id}`)
  await expect(page.getByText(/The connection is lost/)).toBeVisible()
  await page.unroute('**/events')
  await expect(page.getByText(/The connection is lost/)).toHaveCount(0)
  // Somebody else cancels it, and the page hears of that.
  await context.request.post(`${url}/api/v1/plans/${id}/cancel`, { headers })
  await expect(page.getByText('Why it is cancelled')).toBeVisible()
  await page.reload()
  await expect(page.getByText('Why it is cancelled')).toBeVisible()
})

test('a held plan says why, and goes on or is cancelled', async ({ page }, info) => {
  await signIn(page)
  await page.route(/\/api\/v1\/plans\/[^/]+\?/, async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    Object.assign(body.plan, { state: 'held', reason: '2 of 4 items failed, which is more than 10 %' })
    body.plan.totals.by_state = { failed: 2, verified: 2, waiting: 13 }
    await route.fulfill({ response: answer, json: body })
  })
  await page.goto('/plans')
  await page.getByRole('link', { name: /^tag/ }).first().click()
  await expect(page.getByText('The plan is held')).toBeVisible()
  await expect(page.getByText(/more than 10 %/).first()).toBeVisible()
  await expect(page.getByRole('button', { name: 'Go on' })).toBeVisible()
  await expect(page.getByRole('button', { name: 'Cancel the plan' })).toBeVisible()
  await page.getByRole('link', { name: '2 items failed' }).click()
  await expect(page).toHaveURL(/items=failed/)
  await holds(page, info, 'a held plan')
})

test('a viewer sees plans and no verb', async ({ page }, info) => {
  await signIn(page, keys.viewer)
  await page.goto('/plans')
  await holds(page, info, 'plans')
  await page.getByRole('link', { name: /Plan |delete|stop|tag/ }).last().click()
  await expect(page.getByText(/Digest/)).toBeVisible()
  await settled(page)
  await expect(page.getByRole('button', { name: /apply|approve|undo|cancel|go on|plan without/i })).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
})

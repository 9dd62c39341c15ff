import type { Page } from '@playwright/test'
import { expect, holds, keys, settled, signIn, test } from './console'
import { choose, type Coverage, showsWhatIsListed } from './scans'

const url = process.env.CONSOLE_URL!
const origin = { Origin: url }

/** started begins a scan through the API, with the session of the page. */
async function started(page: Page, request: object): Promise<string> {
  const answer = await page.request.post(`${url}/api/v1/scan?wait=0`, { data: { single_flight: false, ...request }, headers: origin })
  expect(answer.ok(), await answer.text()).toBe(true)
  return ((await answer.json()) as { job_id: string }).job_id
}

test('reload and sleep in a live scan lose nothing', async ({ page, context }, info) => {
  await signIn(page)
  const id = await started(page, { exclude_regions: ['eu-west-2'], max_workers: 1 })
  await page.goto(`/scans/${id}`)
  await expect(page.locator('.heat tbody td[title]').first()).toBeVisible()
  await context.setOffline(true)
  await page.waitForTimeout(3_000)
  await context.setOffline(false)
  await page.reload()
  await expect(page.getByText('succeeded').first()).toBeVisible({ timeout: 60_000 })
  await showsWhatIsListed(page, id)
  await expect(page.getByRole('link', { name: 'Each change' })).toHaveAttribute('href', new RegExp(`/diff\\?from=.+&to=${id}`))
  await expect(page.getByText(/that both saw to the end/)).toBeVisible()
  await holds(page, info, 'a scan and the one before')
})

test('a scan that is partial says which cells and why, and retries them', async ({ page }, info) => {
  await signIn(page)
  const id = await started(page, { types: ['EC2_Instance', 'EBS_Volume'], regions: ['eu-west-1', 'af-south-1'] })
  await page.goto(`/scans/${id}`)
  await expect(page.getByText('partial').first()).toBeVisible({ timeout: 60_000 })
  const causes = page.getByRole('alert').filter({ hasText: '2 cells not seen' })
  await expect(causes).toContainText('not opted in')
  for (const which of await causes.getByText('Which 1 cell').all()) await which.click()
  await expect(causes.getByRole('cell', { name: 'af-south-1', exact: true })).toHaveCount(2)
  await expect(page.locator('.heat td[data-state=failed]')).toHaveCount(1)
  await holds(page, info, 'a partial scan')

  await page.getByRole('button', { name: 'Retry 2 failed cells' }).click()
  await holds(page, info, 'retry')
  // The stream of a retry begins with what the first try told, of cells as they are now: those that failed are open again. Here it is cut off after that.
  const { cells } = (await (await page.request.get(`${url}/api/v1/jobs/${id}/coverage`)).json()) as Coverage
  const now = cells.map((cell) => (cell.region === 'af-south-1' ? { ...cell, outcome: '', error: undefined } : cell))
  let goOn = (): void => undefined
  const seen = new Promise<void>((resolve) => { goOn = resolve })
  let streams = 0
  await page.route('**/events', async (route) => {
    if (++streams === 1) return route.fulfill({ contentType: 'text/event-stream', body: `event: cells\ndata: ${JSON.stringify({ cells: now })}\n\n` })
    await seen
    return route.continue()
  })
  const answered = page.waitForResponse((answer) => answer.url().endsWith('/retry'))
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  expect((await answered).status()).toBe(202)
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.locator('.heat td[data-state=found]')).toHaveCount(1)
  await expect(page.locator('.heat td[data-state=failed]')).toHaveCount(0)
  goOn()
  await expect(page.getByText('partial').first()).toBeVisible({ timeout: 60_000 })
  await showsWhatIsListed(page, id)

  await page.goto('/scans?state=partial')
  await expect(page.getByRole('row').filter({ hasText: '2 not seen' }).first()).toBeVisible()
  await expect(page.getByRole('cell', { name: 'succeeded' })).toHaveCount(0)
  await holds(page, info, 'partial scans')
  await page.getByRole('row').filter({ has: page.locator(`a[href="/scans/${id}"]`) }).getByRole('button', { name: 'Retry 2 failed cells' }).click()
  const again = page.waitForResponse((answer) => answer.url().endsWith(`/jobs/${id}/retry`))
  await page.getByRole('button', { name: 'Retry', exact: true }).click()
  expect((await again).status()).toBe(202)
  await expect(page.getByRole('dialog')).toHaveCount(0)

  // The server is asked for the states, so a page of them is whole.
  const asked = page.waitForRequest((request) => /\/jobs\?.*state=partial(,|%2C)cancelled/.test(request.url()))
  await page.getByRole('combobox', { name: 'State' }).press('ArrowDown')
  await page.getByRole('option', { name: 'cancelled' }).click()
  await asked
  await expect(page).toHaveURL(/state=partial(,|%2C)cancelled/)
})

test('a new scan says what it will take before it starts', async ({ page }, info) => {
  await signIn(page)
  const id = await started(page, { types: ['EC2_Instance', 'EBS_Volume'], regions: ['eu-west-1'] })
  await expect.poll(async () => ((await (await page.request.get(`${url}/api/v1/jobs/${id}`)).json()) as { state: string; calls: number }), { timeout: 60_000 })
    .toMatchObject({ state: 'succeeded', calls: expect.any(Number) })
  await page.goto('/scans')
  await page.getByRole('button', { name: 'New scan' }).click()
  const takes = page.getByRole('group', { name: 'What it will take' })
  await expect(takes).toContainText('17 regions')
  await expect(takes).toContainText('AWS charges for nothing that is chosen here')
  await choose(page, 'Regions', 'eu-west-1')
  await choose(page, 'Types', 'EC2_Instance')
  await expect(takes).toContainText('1 cell: 1 regional type in 1 region')
  await expect(takes).toContainText(/About [1-9]\d* calls? to AWS: \S+ for each cell, as the scan of .+ took for \d+ cells?/)
  await page.getByRole('switch', { name: /^Read metrics/ }).press('Space')
  await expect(takes).toContainText('$0.01 a thousand')
  await holds(page, info, 'a new scan')
  await page.getByRole('button', { name: 'Start the scan' }).click()
  await expect(page.getByText(/1 of 1 cell/)).toBeVisible({ timeout: 60_000 })
})

test('a new scan reckons with the regions of the account that is entered', async ({ page }) => {
  await signIn(page)
  const registered = (name: string, partition: string, regions?: string[]) => ({ name, account_id: '200000000000', role_arn: `arn:${partition}:iam::200000000000:role/tracker`, has_external_id: false, regions })
  await page.route('**/api/v1/accounts*', (route) => route.fulfill({ json: { success: true, allowed_accounts: [], accounts: [
    registered('commercial', 'aws'), registered('few', 'aws', ['eu-west-1', 'eu-west-3', 'us-east-1']), registered('federal', 'aws-us-gov'), registered('secret', 'aws-iso'),
  ] } }))
  await page.goto('/scans')
  await page.getByRole('button', { name: 'New scan' }).click()
  const dialog = page.getByRole('dialog', { name: 'New scan' })
  await dialog.getByRole('radio', { name: 'A registered account' }).check()
  for (const [account, says] of [
    ['commercial', 'An account has 17 regions enabled at first'], ['few', 'The account is registered with 3 regions.'], ['federal', 'An account has 2 regions enabled at first'], ['secret', 'is not known before the scan'],
  ] as const) {
    await dialog.getByRole('combobox', { name: 'Account', exact: true }).click()
    await page.getByRole('option', { name: new RegExp(`^${account} `) }).click()
    await expect(dialog.getByText(says)).toBeVisible()
  }
})

test('a viewer of scans sees no verb', async ({ page }) => {
  await signIn(page, keys.viewer)
  for (const path of ['/scans', '/connect']) {
    await page.goto(path)
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible()
    await settled(page)
    await expect(page.getByRole('button', { name: /new scan|retry|cancel|test access|first scan|register/i })).toHaveCount(0)
  }
})

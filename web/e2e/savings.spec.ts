import { expect, holds, keys, settled, signIn, test } from './console'

const verbs = /make a plan|leave it|open again|acknowledge|select the/i

test('sums by rule, account and owner are those of the lists behind them', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/savings?by=rule')
  const summary = page.getByText(/^[\d,]+ findings?, .* a month/)
  for (const [by, group] of [['rule', 'unattached volume'], ['account', /^\d{12}$/], ['tag:Team', 'platform']] as const) {
    if (by !== 'rule') await page.goto(`/savings?by=${by}`)
    const name = by.startsWith('tag:') ? by.slice(4) : by
    const row = page.getByRole('region', { name: `Sums by ${name}` }).getByRole('row').filter({ has: page.getByRole('link', { name: group }) }).first()
    await expect(row).toBeVisible()
    const cells = await row.getByRole('cell').allInnerTexts()
    if (by === 'tag:Team') await expect(page.getByRole('cell', { name: 'without Team' })).toBeVisible()
    await row.getByRole('link').click()
    await expect(page.getByRole('region', { name: /^Sums by/ })).toHaveCount(0)
    await expect(summary).toContainText(`${cells[1]} finding`)
    await expect(summary).toContainText(cells[3]!.split('\n')[0]!)
  }
  await page.getByRole('button', { name: 'No longer only tag Team=platform' }).click()
  await expect(page).not.toHaveURL(/tag=/)
  await page.goto('/savings?by=tag:Team&rule=idle_instance')
  await expect(page.getByRole('region', { name: 'Sums by Team' })).toBeVisible()
  await holds(page, info, 'savings by owner')
})

test('a finding is left as it is, with a reason and an end, and opened again', async ({ page }, info) => {
  await signIn(page)
  await page.goto('/savings?rule=idle_database')
  const leave = page.getByRole('button', { name: /^Acknowledge/ })
  const name = (await leave.first().getAttribute('aria-label'))!.replace('Acknowledge ', '')
  await leave.first().click()
  await page.getByLabel('Why').fill('needed for the audit')
  await page.getByLabel('Until').fill('2099-12-31')
  await holds(page, info, 'acknowledging')
  await page.getByRole('button', { name: 'Acknowledge', exact: true }).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.goto('/savings?state=acknowledged')
  await expect(page.getByText(/until .*2099.*: needed for the audit/)).toBeVisible()
  await page.getByRole('button', { name: `Open again ${name}` }).click()
  await expect(page.getByText('needed for the audit')).toHaveCount(0)
  await page.goto('/savings?rule=idle_database')
  await expect(page.getByRole('button', { name: `Acknowledge ${name}` })).toBeVisible()
})

test('all that is shown is selected at once, and a page of findings that could not be confirmed says so', async ({ page }, info) => {
  await page.route(/\/api\/v1\/findings\?(?!.*group_by)/, async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    body.summary.unconfirmed = 1
    for (const [at, finding] of body.findings.entries()) finding.unconfirmed = at === 0
    await route.fulfill({ response: answer, json: body })
  })
  await signIn(page)
  await page.goto('/savings?rule=unattached_volume')
  await expect(page.getByText('1 finding could not be confirmed')).toBeVisible()
  await expect(page.getByText('not confirmed', { exact: true })).toBeVisible()
  await page.getByText('Evidence').first().click()
  const boxes = page.getByRole('checkbox')
  const number = await boxes.count()
  await page.getByRole('button', { name: `Select the ${number} shown` }).click()
  await expect(page.getByText(`${number} findings selected`)).toBeVisible()
  // What stays in view lies over a part of some row wherever a list is scrolled to, but for its end.
  await page.evaluate(() => window.scrollTo(0, document.documentElement.scrollHeight))
  await holds(page, info, 'savings selected')
  await page.getByRole('button', { name: 'Clear', exact: true }).click()
  await expect(page.getByRole('checkbox', { checked: true })).toHaveCount(0)
})

test('a viewer sees findings and no verb', async ({ page }) => {
  await signIn(page, keys.viewer)
  await page.goto('/savings?state=all&by=rule')
  await expect(page.getByRole('region', { name: 'Findings' })).toBeVisible()
  await settled(page)
  await expect(page.getByRole('button', { name: verbs })).toHaveCount(0)
  await expect(page.getByRole('checkbox')).toHaveCount(0)
})

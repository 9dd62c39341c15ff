import { expect, holds, keys, settled, signIn, test } from './console'

test('a schedule is added, run, paused, changed and deleted', async ({ page }, info) => {
  const name = `mornings ${info.workerIndex}-${Date.now()}`
  await signIn(page)
  await page.goto('/schedules')
  await expect(page.getByRole('link', { name: 'every night' }).first()).toBeVisible()
  await expect(page.getByText('Every day at 03:00').first()).toBeVisible()
  await holds(page, info, 'schedules')

  await page.getByRole('button', { name: 'Add a schedule' }).click()
  await page.getByLabel('Name').fill(name)
  const dialog = page.getByRole('dialog', { name: 'Add a schedule' })
  await expect(dialog.getByRole('list', { name: /Next runs/ }).getByRole('listitem')).toHaveCount(5)
  await page.getByLabel('Cron').fill('every night')
  await expect(page.getByLabel('Cron')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText(/is not a cron line of five fields/)).toBeVisible()
  await page.getByRole('switch', { name: 'Tell webhooks what has changed' }).check()
  await page.getByLabel('Only what this filter selects').fill('type:Nothing')
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByLabel('Only what this filter selects')).toHaveAttribute('aria-invalid', 'true')
  await page.getByLabel('Only what this filter selects').fill('meta.public_ip')
  await page.getByRole('checkbox', { name: 'added' }).check()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page.getByLabel('Cron')).toHaveAttribute('aria-invalid', 'true')
  await expect(page.getByText(/is not a cron line of five fields/)).toBeVisible()
  await holds(page, info, 'add a schedule')

  await page.getByLabel('Cron').fill('0 6 * * 1-5')
  await expect(page.getByText('On Monday to Friday at 06:00, UTC')).toBeVisible()
  await expect(page.getByLabel('Cron')).not.toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('combobox', { name: 'Time zone' }).fill('Europe/Ber')
  await page.getByRole('option', { name: 'Europe/Berlin' }).click()
  await expect(dialog.getByRole('list', { name: 'Next runs, in Europe/Berlin' }).getByText(/06:00/)).toHaveCount(5)
  await page.getByRole('radio', { name: 'At a distance' }).check()
  await page.getByLabel('Minutes from one run to the next').fill('0.5')
  await expect(page.getByLabel('Minutes from one run to the next')).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('radio', { name: 'By the clock' }).check()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await expect(page).toHaveURL(/schedule=/)
  const drawer = page.getByRole('dialog', { name: 'Schedule', exact: true })
  await expect(drawer.getByRole('heading', { name })).toBeVisible()
  await expect(drawer.getByText(/06:00 in Europe\/Berlin/)).toHaveCount(5)
  await expect(drawer.getByText(/of what was added from one run to the next/)).toBeVisible()

  await drawer.getByRole('button', { name: 'Run now' }).click()
  await expect(drawer.getByText(/^Run by hand/)).toBeVisible()
  await expect(drawer.getByText(/resources, .* a month/)).toBeVisible({ timeout: 60_000 })
  await holds(page, info, 'a schedule')

  await drawer.getByRole('button', { name: 'Pause' }).click()
  await expect(drawer.getByText('None while it is paused.')).toBeVisible()
  await drawer.getByRole('button', { name: 'Resume' }).click()
  await expect(drawer.getByText(/06:00 in Europe\/Berlin/)).toHaveCount(5)

  await drawer.getByRole('button', { name: 'Change' }).click()
  await page.getByLabel('Cron').fill('30 7 * * *')
  await page.getByRole('button', { name: 'Save' }).click()
  await expect(drawer.getByText('Every day at 07:30')).toBeVisible()
  await expect(drawer.getByText(/of what was added/)).toBeVisible()

  await drawer.getByRole('button', { name: 'Delete' }).click()
  await expect(page.getByText(/It starts no more runs/)).toBeVisible()
  await holds(page, info, 'delete a schedule')
  await page.getByRole('button', { name: 'Delete the schedule' }).click()
  await expect(page).not.toHaveURL(/schedule=/)
  await expect(page.getByRole('link', { name })).toHaveCount(0)
})

test('a schedule that fails stands first, and a viewer sees no verb', async ({ page }) => {
  await page.route('**/api/v1/schedules?*', async (route) => {
    const answer = await route.fetch()
    const body = await answer.json()
    Object.assign(body.schedules[0], { failures: 3, last_error: 'the account is not registered', last_error_at: new Date().toISOString() })
    await route.fulfill({ response: answer, json: body })
  })
  await signIn(page, keys.viewer)
  await page.goto('/schedules')
  await expect(page.getByRole('alert')).toContainText('1 schedule could not start a run')
  await expect(page.getByRole('alert')).toContainText('the account is not registered')
  await settled(page)
  const verbs = /add a schedule|run now|pause|resume|change|delete/i
  await expect(page.getByRole('button', { name: verbs })).toHaveCount(0)
  await page.getByRole('link', { name: 'office hours of dev' }).click()
  await expect(page.getByRole('dialog').getByText(/stop\. .*the opposite/)).toBeVisible()
  await expect(page.getByRole('button', { name: verbs })).toHaveCount(0)
})

test('a schedule scans several accounts or an organisation, or carries out a plan, with the fields of that alone', async ({ page }, info) => {
  const name = `nights ${info.workerIndex}-${Date.now()}`
  await signIn(page)
  await page.route('**/api/v1/accounts*', (route) => route.fulfill({ json: { success: true, allowed_accounts: [], accounts: ['production', 'staging'].map((one) => ({ name: one, account_id: '200000000000', role_arn: 'arn:aws:iam::200000000000:role/tracker', has_external_id: false })) } }))
  await page.goto('/schedules')
  await page.getByRole('button', { name: 'Add a schedule' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a schedule' })
  const add = dialog.getByRole('button', { name: 'Add', exact: true })
  await dialog.getByLabel('Name').fill(name)

  // What the server refuses is said at the field that it is about.
  await dialog.getByRole('radio', { name: 'scans every account of the organisation' }).check()
  await add.click()
  const lists = dialog.getByRole('combobox', { name: 'Account that lists the organisation' })
  await expect(lists).toHaveAttribute('aria-invalid', 'true')
  await expect(dialog.getByText(/is switched off here/)).toBeVisible()
  await dialog.getByRole('radio', { name: 'scans several accounts' }).check()
  await expect(add).toBeDisabled()
  await dialog.getByRole('combobox', { name: 'Accounts' }).fill('prod')
  await page.getByRole('option', { name: 'production' }).click()
  await page.keyboard.press('Tab')
  await dialog.getByRole('switch', { name: 'Ask for billed costs' }).check()
  await dialog.getByLabel('Paid calls of a run, at most').fill('7')
  const sent = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/api/v1/schedules'))
  await add.click()
  expect((await sent).postDataJSON()).toMatchObject({ accounts: [{ account: 'production' }], billed_cost: { group_by: ['service'], max_paid_calls: 7 } })
  await expect(dialog.getByText(/is not registered/)).toBeVisible()
  await expect(dialog.getByRole('radio', { name: 'Off-hours' })).toHaveCount(0)

  await dialog.getByRole('radio', { name: /^carries out a plan/ }).check()
  for (const other of ['Results to keep', 'Types', 'Types to leave out', 'Read metrics', 'Ask for billed costs', 'Tell webhooks what has changed']) await expect(dialog.getByLabel(other)).toHaveCount(0)
  await dialog.getByRole('radio', { name: 'Off-hours' }).check()
  await dialog.getByLabel('Begins').fill('0 19 * * *')
  await dialog.getByLabel('Ends').fill('0 7 * * *')
  await expect(dialog.getByRole('list', { name: /Next runs/ }).getByRole('listitem')).toHaveCount(5)
  await dialog.getByLabel('To what this filter selects').fill('type:Nothing')
  await add.click()
  await expect(dialog.getByRole('combobox', { name: 'Action' })).toHaveAttribute('aria-invalid', 'true')
  await dialog.getByRole('combobox', { name: 'Action' }).fill('stop')
  await page.getByRole('option', { name: 'stop', exact: true }).click()
  await add.click()
  await expect(dialog.getByLabel('To what this filter selects')).toHaveAttribute('aria-invalid', 'true')
  await expect(dialog.getByRole('combobox', { name: 'Action' })).not.toHaveAttribute('aria-invalid', 'true')
  await dialog.getByLabel('To what this filter selects').fill('type:EC2_Instance tag:env=of-nobody')
  await dialog.getByLabel('Resources at most').fill('3')
  await dialog.getByText('Rules to lift').click()
  await dialog.getByRole('checkbox', { name: 'auto scaling group' }).check()
  await holds(page, info, 'add a schedule of a plan')
  await add.click()
  const drawer = page.getByRole('dialog', { name: 'Schedule', exact: true })
  await expect(drawer.getByRole('heading', { name })).toBeVisible()
  await expect(drawer.getByText(/stop\. .*the opposite/)).toBeVisible()

  await drawer.getByRole('button', { name: 'Change' }).click()
  const change = page.getByRole('dialog', { name: `Change ${name}` })
  await expect(change.getByRole('radiogroup', { name: 'Each time it' })).toHaveCount(0)
  await expect(change.getByRole('combobox', { name: 'Action' })).toHaveValue('stop')
  await change.getByLabel('Percent of a type at most').fill('40')
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(change).toHaveCount(0)
  const id = new URL(page.url()).searchParams.get('schedule')
  const { plan } = await (await page.request.get(`/api/v1/schedules/${id}`)).json()
  expect(plan).toMatchObject({ max_items: 3, max_share_percent: 40, select: { action: 'stop', lift: ['auto_scaling_group'] } })
  expect(JSON.stringify(plan.select.filter)).toContain('of-nobody')
  await drawer.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete the schedule' }).click()
  await expect(page.getByRole('link', { name })).toHaveCount(0)
})

test('a schedule leaves types out, and keeps what its form does not show', async ({ page }, info) => {
  const name = `most ${info.workerIndex}-${Date.now()}`
  await signIn(page)
  const { schedule_id: id } = await (await page.request.post('/api/v1/schedules', {
    data: { name, cron: '0 6 1 1 *', paused: true, exclude_types: ['EC2_Instance'], exclude_regions: ['eu-west-2'], max_workers: 3 }, headers: { Origin: new URL(process.env.CONSOLE_URL!).origin },
  })).json()
  await page.goto(`/schedules?schedule=${id}`)
  await page.getByRole('button', { name: 'Change', exact: true }).click()
  const change = page.getByRole('dialog', { name: `Change ${name}` })
  await change.getByRole('combobox', { name: 'Types to leave out' }).fill('EBS Vol')
  await page.getByRole('option', { name: 'EBS Volume', exact: true }).click()
  await change.getByRole('button', { name: 'Save' }).click()
  await expect(change).toHaveCount(0)
  const { request } = await (await page.request.get(`/api/v1/schedules/${id}`)).json()
  expect(request).toMatchObject({ exclude_types: ['EBS_Volume', 'EC2_Instance'], exclude_regions: ['eu-west-2'], max_workers: 3 })
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete the schedule' }).click()
})

test('a schedule keeps the billed costs that it asks for, until they are switched off', async ({ page }, info) => {
  const name = `bills ${info.workerIndex}-${Date.now()}`
  await signIn(page)
  // Without a number no paid call is made.
  const billed = { group_by: ['region'], days: 7 }
  const { schedule_id: id } = await (await page.request.post('/api/v1/schedules', {
    data: { name, cron: '0 6 1 1 *', paused: true, billed_cost: billed }, headers: { Origin: new URL(process.env.CONSOLE_URL!).origin },
  })).json()
  const asked = async () => (await (await page.request.get(`/api/v1/schedules/${id}`)).json()).request.billed_cost
  await page.goto(`/schedules?schedule=${id}`)
  const change = page.getByRole('dialog', { name: `Change ${name}` })
  for (const [act, keeps] of [
    [async () => { await change.getByLabel('Paid calls of a run, at most').focus(); await change.getByLabel('Cron').fill('0 7 1 1 *') }, billed],
    [async () => change.getByLabel('Paid calls of a run, at most').fill('4'), { ...billed, max_paid_calls: 4 }],
    [async () => change.getByRole('switch', { name: 'Ask for billed costs' }).uncheck(), undefined],
  ] as const) {
    await page.getByRole('button', { name: 'Change', exact: true }).click()
    await act()
    await change.getByRole('button', { name: 'Save' }).click()
    await expect(change).toHaveCount(0)
    const now = await asked()
    if (keeps) expect({ max_paid_calls: 0, ...now }).toMatchObject({ max_paid_calls: 0, ...keeps })
    else expect(now).toBeUndefined()
  }
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Delete the schedule' }).click()
})

import { expect, holds, settled, signIn, test } from './console'

const dollars = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'USD' })
const unseen = '999900001111'

interface Counted { total: { resources: number; estimated_monthly_total: number }; facets: { groups: { keys: string[] }[] }[] }

test('the account that is chosen goes along, narrows each page, and is all of them again', async ({ page }, info) => {
  const counted = async (more = '') => (await (await page.request.get(`/api/v1/inventory/facets?facet=account${more}`)).json()) as Counted
  await signIn(page)
  const seen = (await counted()).facets[0]!.groups[0]!.keys[0]!
  // A thousand registered accounts are as many as the console asks for.
  await page.route('**/api/v1/accounts*', (route) => route.fulfill({ json: {
    success: true, allowed_accounts: [],
    accounts: Array.from({ length: 1_000 }, (_, at) => ({ name: at === 7 ? 'production' : `team-${at}`, account_id: at === 7 ? seen : String(200_000_000_000 + at), role_arn: 'arn:aws:iam::200000000000:role/tracker', has_external_id: false })),
  } }))
  await page.goto('/')
  const field = page.getByRole('combobox', { name: 'Account' })
  await field.click()
  await expect(page.getByRole('option', { name: /and 901 more/ })).toBeAttached()
  await holds(page, info, 'account switch')
  // The window was narrow under way: the field is another one.
  await field.click()
  await field.fill('produc')
  // What the overview of all accounts asks for anew, while a scan comes in, is none of it.
  const asked: string[] = []
  page.on('request', (request) => { if (page.url().includes(`account=${seen}`) && /api\/v1\/(inventory|findings|diff|trend|forecast|anomalies|schedules)/.test(request.url())) asked.push(request.url()) })
  await page.getByRole('option', { name: `production (${seen})` }).click()
  await expect(page).toHaveURL(new RegExp(`\\?account=${seen}$`))
  await expect(page.getByRole('note', { name: 'Account' })).toContainText(`Of the account production (${seen}) alone.`)
  await settled(page)
  await expect(page.getByRole('img', { name: /^Cost a month, by day/ })).toBeVisible()
  await expect(page.getByText(/Forecast of the month: /)).toBeVisible()

  await page.getByRole('group', { name: 'See' }).getByRole('link', { name: 'Inventory' }).click()
  await expect(page).toHaveURL(new RegExp(`/inventory\\?account=${seen}`))
  const { total } = await counted(`&account_id=${seen}`)
  await expect(page.getByRole('status').filter({ hasText: 'a month' })).toContainText(`${total.resources} resources, ${dollars.format(total.estimated_monthly_total)}`)
  await page.getByRole('button', { name: 'Export' }).click()
  await expect(page.getByRole('menuitem', { name: 'CSV', exact: true })).toHaveAttribute('href', new RegExp(`account_id=${seen}`))
  await page.keyboard.press('Escape')

  await page.getByRole('group', { name: 'Do' }).getByRole('link', { name: 'Savings' }).click()
  await expect(page).toHaveURL(new RegExp(`/savings\\?account=${seen}`))
  const { summary } = await (await page.request.get(`/api/v1/findings?account_id=${seen}&limit=1`)).json()
  await expect(page.getByRole('status').filter({ hasText: 'a month' })).toContainText(dollars.format(summary.monthly_saving))

  // The lists of what is done are of the account too: what the server tells of it, and no row more.
  const { jobs } = await (await page.request.get(`/api/v1/jobs?account_id=${seen}&limit=50`)).json()
  await page.route('**/api/v1/jobs?*account_id=*', (route) => route.fulfill({ json: { success: true, jobs: jobs.map((job: object, at: number) => ({ ...job, account_unknown: at === 0 })) } }))
  for (const [name, list] of [['Scans', jobs], ['Plans', undefined], ['Schedules', undefined]] as const) {
    await page.getByRole('link', { name, exact: true }).click()
    await expect(page).toHaveURL(new RegExp(`/${name.toLowerCase()}\\?account=${seen}$`))
    await expect(page.getByRole('note', { name: 'Account' })).toContainText(`Of the account production (${seen}) alone.`)
    const rows = list ?? (await (await page.request.get(`/api/v1/${name.toLowerCase()}?account_id=${seen}&limit=25`)).json())[name.toLowerCase()]
    expect(rows.length).toBeGreaterThan(0)
    await expect(page.getByRole('region', { name, exact: true }).locator('tbody tr')).toHaveCount(rows.length)
    if (list) {
      await expect(page.getByRole('note', { name: 'May be of others' })).toContainText('1 of them may be of another account.')
      await expect(page.getByText('account not known')).toHaveCount(1)
      await holds(page, info, 'scans of an account')
    }
  }
  await page.getByRole('link', { name: 'Budgets', exact: true }).click()
  await expect(page.getByRole('note', { name: 'Account' })).toContainText('Of all accounts: this page is not narrowed')

  // Nothing that is of an account was asked for without it.
  expect(asked.length).toBeGreaterThan(5)
  expect(asked.filter((url) => !new RegExp(`(account_id|key)=${seen}`).test(url))).toEqual([])
  await page.getByRole('link', { name: 'Show all accounts' }).click()
  await expect(page).toHaveURL(/\/budgets$/)
  await expect(page.getByRole('combobox', { name: 'Account' })).toHaveValue('All accounts')
})

test('an account that no scan has seen shows nothing of another', async ({ page }) => {
  const key = process.env.CONSOLE_KEY!
  // The address survives that somebody signs in first.
  await page.goto(`/inventory?account=${unseen}`)
  await page.getByRole('textbox', { name: 'API key' }).fill(key)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await expect(page).toHaveURL(new RegExp(`/inventory\\?account=${unseen}$`))
  await expect(page.getByText('No scan has seen anything of this account.')).toBeVisible()
  await expect(page.getByRole('combobox', { name: 'Account' })).toHaveValue(unseen)
  for (const [path, says] of [['/', `No scan has seen anything of ${unseen} yet`], ['/costs', 'none has looked at this account'], ['/savings', 'There are no such findings'], ['/diff', 'No scan has looked at what could have']] as const) {
    await page.goto(`${path}?account=${unseen}`)
    await expect(page.getByText(says)).toBeVisible()
    await expect(page.getByText(/\$[1-9]/)).toHaveCount(0)
  }
  for (const list of ['scans', 'plans', 'schedules'] as const) {
    const rows = (await (await page.request.get(`/api/v1/${list === 'scans' ? 'jobs' : list}?account_id=${unseen}`)).json())[list === 'scans' ? 'jobs' : list] as { account_unknown?: boolean }[]
    expect(rows.every((row) => row.account_unknown)).toBe(true)
    await page.goto(`/${list}?account=${unseen}`)
    await expect(page.getByText(rows.length > 0 ? 'may be of another account' : `No ${list.slice(0, -1)}`)).toBeVisible()
  }
  // What is no account is all of them, as an address without one.
  await page.goto('/inventory?account=production')
  await expect(page.getByRole('combobox', { name: 'Account' })).toHaveValue('All accounts')
  await expect(page.getByRole('note', { name: 'Account' })).toHaveCount(0)
})

import { expect, holds, settled, signIn, test } from './console'

const dollars = new Intl.NumberFormat('en-GB', { style: 'currency', currency: 'USD' })

interface Counted { estimated_monthly_total: number; resources: number }
interface Facets { total: Counted; facets: { groups: (Counted & { keys: (string | null)[] })[] }[] }

test('the overview is whole, asks nothing twice, and its figures are those of the API', async ({ page }, info) => {
  await signIn(page)
  const asked: string[] = []
  let bytes = 0
  page.on('request', (request) => { if (request.url().includes('/api/v1/')) asked.push(request.url()) })
  page.on('response', (response) => { if (!response.url().includes('/api/')) void response.body().then((body) => { bytes += body.length }, () => undefined) })
  await page.goto('/')
  for (const name of ['By region', 'By account', 'By tag Team', 'Budgets', 'Changed in seven days', 'Newest findings', 'Failing schedules', 'Ten dearest']) {
    await expect(page.getByRole('heading', { name, exact: true })).toBeVisible()
  }
  await settled(page)
  // What runs, a scan that is being taken in, and budgets are asked about again and again.
  const once = asked.filter((url) => !/\/(jobs|plans)\?|inventory\/groups|\/budgets/.test(url))
  expect(once.filter((url, index) => once.indexOf(url) !== index)).toEqual([])
  await info.attach('bytes', { body: String(bytes) })
  await holds(page, info, 'overview')

  await expect(async () => {
    const facets = (await (await page.request.get('/api/v1/inventory/facets?facet=region,account')).json()) as Facets
    await page.reload()
    await expect(page.getByText(dollars.format(facets.total.estimated_monthly_total)).first()).toBeVisible({ timeout: 5_000 })
    const region = facets.facets[0]!.groups[0]!
    const bar = page.getByRole('list', { name: 'Cost by region' }).getByRole('listitem').first()
    await expect(bar).toContainText(`${region.keys[0]}${dollars.format(region.estimated_monthly_total)}`, { timeout: 5_000 })
    const filter = new URL((await bar.getByRole('link').getAttribute('href'))!, 'http://console').searchParams.get('filter')!
    const list = (await (await page.request.get(`/api/v1/inventory/facets?facet=region&filter=${encodeURIComponent(filter)}`)).json()) as Facets
    expect(dollars.format(list.total.estimated_monthly_total)).toBe(dollars.format(region.estimated_monthly_total))
  }).toPass({ timeout: 80_000 })
  await expect(page.getByRole('link', { name: 'All changes' })).toHaveAttribute('href', /\/diff/)
  await page.getByRole('list', { name: 'Cost by region' }).getByRole('link').first().click()
  await expect(page).toHaveURL(/\/inventory\?filter=region/)
})

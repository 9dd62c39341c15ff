import { expect, type Page } from '@playwright/test'

const url = process.env.CONSOLE_URL!

export interface Coverage { cells: { resource_type: string; region: string; resources: number; outcome: string; error?: object }[] }

/** drawn are the squares of the grid: by service and region what is written in them. */
const drawn = (page: Page) => page.locator('.heat tbody td[title]').evaluateAll((squares) => Object.fromEntries(squares.map((square) => {
  const [where, says] = (square as HTMLElement).title.split(': ')
  return [where, says]
})))

/** listed are the same, of the cells that the API lists. */
async function listed(page: Page, id: string): Promise<Record<string, string>> {
  const { types } = (await (await page.request.get(`${url}/api/v1/types`)).json()) as { types: { type: string; service: string }[] }
  const services = new Map(types.map((one) => [one.type, one.service]))
  const { cells } = (await (await page.request.get(`${url}/api/v1/jobs/${id}/coverage`)).json()) as Coverage
  const squares: Record<string, { resources: number; outcomes: string[] }> = {}
  for (const cell of cells) {
    const square = (squares[`${services.get(cell.resource_type)} in ${cell.region}`] ??= { resources: 0, outcomes: [] })
    square.resources += cell.resources
    if (cell.outcome !== 'ok' && cell.outcome !== 'empty') square.outcomes.push(cell.outcome)
  }
  return Object.fromEntries(Object.entries(squares).map(([where, { resources, outcomes }]) => {
    const missing = outcomes.length === 0 ? '' : `, ${outcomes.length} cell${outcomes.length === 1 ? '' : 's'} not seen (${[...new Set(outcomes)].join(', ')})`
    return [where, `${resources.toLocaleString('en-GB')} resource${resources === 1 ? '' : 's'}${missing}`]
  }))
}

/** showsWhatIsListed holds the grid of a scan to the cells that the API lists: none is missing, and none is another. */
export async function showsWhatIsListed(page: Page, id: string): Promise<void> {
  await expect(async () => expect(await drawn(page)).toEqual(await listed(page, id))).toPass({ timeout: 60_000 })
}

/** choose chooses values in a field, by typing each as people do. */
export async function choose(page: Page, field: 'Regions' | 'Services' | 'Types', ...values: string[]): Promise<void> {
  const box = page.getByRole('combobox', { name: new RegExp(`^${field}`) })
  for (const value of values) {
    await box.fill(value)
    if (field === 'Regions') await box.press('Enter')
    else await page.getByRole('option', { name: value, exact: true }).click()
  }
  await box.blur()
}

/** typeKeys fills in the fields of keys to AWS. */
export async function typeKeys(page: Page, secret = 'an-example-secret'): Promise<void> {
  await page.getByRole('textbox', { name: /^Access key ID/ }).fill('AKIAEXAMPLE')
  await page.getByLabel(/^Secret access key/).fill(secret)
}

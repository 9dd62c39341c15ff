import type { Page } from '@playwright/test'

const url = process.env.CONSOLE_URL!

interface Coverage { cells: { resource_type: string; region: string; resources: number; outcome: string }[] }

/** drawn are the squares of the grid: by service and region what is written in them. */
export const drawn = (page: Page) => page.locator('.heat tbody td[title]').evaluateAll((squares) => Object.fromEntries(squares.map((square) => {
  const [where, says] = (square as HTMLElement).title.split(': ')
  return [where, says]
})))

/** listed are the same, of the cells that the API lists. */
export async function listed(page: Page, id: string): Promise<Record<string, string>> {
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

import type { Query } from '@consolesensei/resource-tracker'

export interface Search { who?: string; action?: string; target?: string; from?: string; to?: string }

/** queryOf is what the address asks the API for. Days are those of the reader's clock; the last one counts. */
export function queryOf({ who, action, target, from, to }: Search): Pick<Query<'read-audit'>, 'who' | 'what' | 'target' | 'since' | 'until'> {
  return { who, what: action, target, since: begin(from), until: begin(to, 1) }
}

function begin(day: string | undefined, later = 0): string | undefined {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day ?? '') ?? []
  return year ? new Date(Number(year), Number(month) - 1, Number(date) + later).toISOString() : undefined
}

/** exportURL is all lines that the address asks for, as NDJSON, the oldest first. */
export function exportURL(search: Search): string {
  const query = new URLSearchParams({ format: 'ndjson' })
  for (const [name, value] of Object.entries(queryOf(search))) if (value) query.set(name, value)
  return `/api/v1/audit?${query}`
}

/** timeOf is when a line was written: its ID begins with it. */
export const timeOf = (id: string): string => new Date(Number(id.split('-')[0])).toISOString()

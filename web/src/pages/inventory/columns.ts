import type { Schemas } from '@consolesensei/resource-tracker'
import { moment, money, since, words } from '../../ui/format'

/** Row is what the grid keeps of a resource: a million of them fit in a tab only without their metadata. */
export type Row = Pick<Schemas['InventoryResource'],
  'account_id' | 'arn' | 'creation_date' | 'estimated_cost_monthly' | 'first_seen' | 'region' | 'resource_id' | 'resource_name' | 'resource_type' | 'seen_at' | 'stale' | 'state' | 'state_since' | 'tags'
> & { basis?: string; isUpperBound?: boolean }

export function rowOf(one: Schemas['InventoryResource']): Row {
  const { metadata: _, cost, ...row } = one
  return { ...row, basis: cost?.basis, isUpperBound: cost?.upper_bound }
}

/** Column is one of the grid. csv is what an export calls it: what a column marks, such as stale, stands there in a column of its own. */
export interface Column { id: string; name: string; sort?: string; width: number; grows?: boolean; isNumber?: boolean; csv: string[]; of: (row: Row) => string }

const known: Column[] = [
  { id: 'name', name: 'Name', sort: 'name', width: 165, grows: true, csv: ['name'], of: (row) => row.resource_name ?? row.resource_id },
  { id: 'type', name: 'Type', sort: 'type', width: 118, grows: true, csv: ['resource_type'], of: (row) => words(row.resource_type) },
  { id: 'region', name: 'Region', sort: 'region', width: 110, csv: ['region'], of: (row) => row.region },
  { id: 'account', name: 'Account', sort: 'account', width: 122, csv: ['account_id'], of: (row) => row.account_id },
  { id: 'state', name: 'State', sort: 'state', width: 80, csv: ['state'], of: (row) => row.state },
  { id: 'cost', name: 'Cost a month', sort: 'cost', width: 135, isNumber: true, csv: ['estimated_cost_monthly', 'cost.upper_bound'], of: (row) => `${row.isUpperBound ? '≤ ' : ''}${money(row.estimated_cost_monthly)}` },
  { id: 'seen', name: 'Seen', width: 110, csv: ['seen_at', 'stale'], of: (row) => (row.stale ? `${since(row.seen_at)}, stale` : since(row.seen_at)) },
  { id: 'id', name: 'ID', sort: 'id', width: 200, grows: true, csv: ['resource_id'], of: (row) => row.resource_id },
  { id: 'arn', name: 'ARN', width: 300, grows: true, csv: ['arn'], of: (row) => row.arn },
  { id: 'created', name: 'Created', sort: 'created', width: 160, csv: ['creation_date'], of: (row) => (row.creation_date ? moment(row.creation_date) : 'not known') },
  { id: 'first_seen', name: 'First seen', sort: 'first_seen', width: 160, csv: ['first_seen'], of: (row) => moment(row.first_seen) },
  { id: 'state_since', name: 'In its state since', sort: 'state_since', width: 170, csv: ['state_since'], of: (row) => moment(row.state_since) },
  { id: 'basis', name: 'Basis of the cost', width: 150, csv: ['cost.basis'], of: (row) => (row.basis ? words(row.basis) : 'not known') },
]

/** columnNames are the columns that every resource has, by what the address calls them. */
export const columnNames = known.map(({ id, name }) => ({ id, name }))

export const usual = ['name', 'type', 'region', 'account', 'state', 'cost', 'seen']

/** chosenColumns reads the columns of an address: names with commas, tag:KEY for a tag. What it does not know is left out. */
export function chosenColumns(text: string | undefined): Column[] {
  const chosen = [...new Set((text ?? '').split(','))].map(columnOf).filter((column) => column !== undefined)
  return chosen.length > 0 ? chosen : usual.map((id) => columnOf(id)!)
}

function columnOf(id: string): Column | undefined {
  if (!id.startsWith('tag:') || id === 'tag:') return known.find((column) => column.id === id)
  const key = id.slice(4)
  return { id, name: `Tag ${key}`, width: 130, grows: true, csv: [id], of: (row) => row.tags[key] ?? '' }
}

/** template is the grid's line of columns, and how wide it is at least. Each row is a grid of its own, so none may depend on what is in it. */
export function template(columns: Column[]): { '--grid-columns': string; '--grid-width': string } {
  const grows = columns.some((column) => column.grows)
  return {
    '--grid-columns': columns.map((column, place) => (column.grows || (!grows && place === 0) ? `minmax(${column.width}px, ${column.width}fr)` : `${column.width}px`)).join(' '),
    '--grid-width': `${columns.reduce((sum, column) => sum + column.width, 0)}px`,
  }
}

import type { Schemas } from '@consolesensei/resource-tracker'
import { useVirtualizer } from '@tanstack/react-virtual'
import { memo, useEffect, useRef } from 'react'
import { money, since, words } from '../../ui/format'
import { keyOf } from './key'

type Row = Schemas['InventoryResource']

const columns: { name: string; sort: string; of: (row: Row) => string; isNumber?: boolean }[] = [
  { name: 'Name', sort: 'name', of: (row) => row.resource_name ?? row.resource_id },
  { name: 'Type', sort: 'type', of: (row) => words(row.resource_type) },
  { name: 'Region', sort: 'region', of: (row) => row.region },
  { name: 'Account', sort: 'account', of: (row) => row.account_id },
  { name: 'State', sort: 'state', of: (row) => row.state },
  { name: 'Cost a month', sort: 'cost', of: (row) => money(row.estimated_cost_monthly), isNumber: true },
  { name: 'Seen', sort: '', of: (row) => (row.stale ? `${since(row.seen_at)}, stale` : since(row.seen_at)) },
]

interface GridProps { rows: Row[]; sort?: string; onSort: (sort: string) => void; onOpen: (key: string) => void; more?: () => unknown }

/** Grid draws only the rows that can be seen, and asks for more before the last of them comes up. */
export const Grid = memo(function Grid({ rows, sort, onSort, onOpen, more }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count: rows.length, getScrollElement: () => scroller.current, estimateSize: () => 36, overscan: 12 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= rows.length - 60) more()
  }, [more, last, rows.length])
  return (
    <div ref={scroller} className="grid" tabIndex={0} role="table" aria-label="Resources" aria-rowcount={more ? -1 : rows.length + 1}>
      <div role="rowgroup" className="grid-head">
        <div role="row" className="grid-row" aria-rowindex={1}>
          {columns.map((column) => <Header key={column.name} {...column} by={sort} onSort={onSort} />)}
        </div>
      </div>
      <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: 'relative' }}>
        {items.map((item) => <Line key={item.key} row={rows[item.index]!} index={item.index} top={item.start} onOpen={onOpen} />)}
      </div>
    </div>
  )
})

function Header({ name, sort, by, isNumber, onSort }: { name: string; sort: string; by?: string; isNumber?: boolean; onSort: (sort: string) => void }) {
  const order = by === sort ? 'ascending' : by === `-${sort}` ? 'descending' : 'none'
  if (!sort) return <div role="columnheader">{name}</div>
  // What costs most is sought first, and of names the first.
  const next = order === 'none' ? (isNumber ? `-${sort}` : sort) : order === 'ascending' ? `-${sort}` : sort
  return (
    <div role="columnheader" aria-sort={order} className={isNumber ? 'number' : undefined}>
      <button type="button" onClick={() => onSort(next)}>{name}{order === 'none' ? '' : order === 'ascending' ? ' ↑' : ' ↓'}</button>
    </div>
  )
}

const Line = memo(function Line({ row, index, top, onOpen }: { row: Row; index: number; top: number; onOpen: (key: string) => void }) {
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row grid-line" style={{ transform: `translateY(${top}px)` }} data-stale={row.stale || undefined}>
      {columns.map((column, place) => (
        <div role="cell" key={column.name} className={column.isNumber ? 'number' : undefined} title={column.of(row)}>
          {place === 0 ? <button type="button" onClick={() => onOpen(keyOf(row))}>{column.of(row)}</button> : column.of(row)}
        </div>
      ))}
    </div>
  )
})

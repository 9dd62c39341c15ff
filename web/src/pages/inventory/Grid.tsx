import { useHotkeys } from '@mantine/hooks'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, memo, useCallback, useEffect, useRef, useState } from 'react'
import { type Column, type Row, template } from './columns'
import { keyOf } from './key'

interface GridProps {
  columns: Column[]; count: number; rowAt: (index: number) => Row; total?: number; sort?: string; hasKeys: boolean
  onSort: (sort: string) => void; onOpen: (key: string) => void; more?: () => unknown
}

/** Grid draws only the rows that can be seen, and asks for more before the last of them comes up. j and k go from row to row. */
export const Grid = memo(function Grid({ columns, count, rowAt, total, sort, hasKeys, onSort, onOpen, more }: GridProps) {
  const scroller = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({ count, getScrollElement: () => scroller.current, estimateSize: () => 36, overscan: 8, scrollPaddingStart: 40 })
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && last >= count - 60) more()
  }, [more, last, count])
  const [at, setAt] = useState(-1)
  const step = (by: number) => {
    if (document.querySelector('[role="dialog"]')) return
    const next = Math.min(count - 1, Math.max(0, at + by))
    setAt(next)
    virtual.scrollToIndex(next)
  }
  useHotkeys(hasKeys ? [['j', () => step(1)], ['k', () => step(-1)]] : [])
  // A row takes the focus as soon as it is drawn, so that Enter opens it.
  useEffect(() => {
    if (at >= 0) scroller.current?.querySelector<HTMLElement>(`[aria-rowindex="${at + 2}"] button`)?.focus({ preventScroll: true })
  }, [at, items[0]?.index])
  const open = useCallback((key: string, index: number) => {
    setAt(index)
    onOpen(key)
  }, [onOpen])
  return (
    <div ref={scroller} className="grid" tabIndex={0} role="table" aria-label="Resources" aria-rowcount={total === undefined ? -1 : total + 1} style={template(columns) as CSSProperties}>
      <div role="rowgroup" className="grid-head">
        <div role="row" className="grid-row" aria-rowindex={1}>
          {columns.map((column) => <Header key={column.id} {...column} by={sort} onSort={onSort} />)}
        </div>
      </div>
      <div role="rowgroup" className="grid-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => <Line key={item.key} columns={columns} row={rowAt(item.index)} index={item.index} top={item.start} onOpen={open} />)}
      </div>
    </div>
  )
})

function Header({ name, sort, by, isNumber, onSort }: Column & { by?: string; onSort: (sort: string) => void }) {
  if (!sort) return <div role="columnheader">{name}</div>
  const order = by === sort ? 'ascending' : by === `-${sort}` ? 'descending' : 'none'
  // What costs most is sought first, and of names the first.
  const next = order === 'none' ? (isNumber ? `-${sort}` : sort) : order === 'ascending' ? `-${sort}` : sort
  return (
    <div role="columnheader" aria-sort={order} className={isNumber ? 'number' : undefined}>
      <button type="button" onClick={() => onSort(next)}>{name}{order === 'none' ? '' : order === 'ascending' ? ' ↑' : ' ↓'}</button>
    </div>
  )
}

interface LineProps { columns: Column[]; row: Row; index: number; top: number; onOpen: (key: string, index: number) => void }

const Line = memo(function Line({ columns, row, index, top, onOpen }: LineProps) {
  return (
    <div role="row" aria-rowindex={index + 2} className="grid-row grid-line" style={{ transform: `translateY(${top}px)` }} data-stale={row.stale || undefined}>
      {columns.map((column, place) => {
        const text = column.of(row)
        return (
          <div role="cell" key={column.id} className={column.isNumber ? 'number' : undefined} title={text}>
            {place === 0 ? <button type="button" onClick={() => onOpen(keyOf(row), index)}>{text || row.resource_id}</button> : text}
          </div>
        )
      })}
    </div>
  )
})

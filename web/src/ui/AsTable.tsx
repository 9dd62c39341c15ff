import type { ReactNode } from 'react'
import { Folded } from './Folded'
import { Table, type TableProps } from './Table'

/** AsTable is the table behind a chart, which says the same. */
export function AsTable({ label, children, ...table }: Omit<TableProps, 'children'> & { label: string; children: () => ReactNode }) {
  return (
    <Folded summary="As a table">
      {() => <div className="scroll" tabIndex={0} role="region" aria-label={`${label}, as a table`}><Table verticalSpacing={2} {...table}>{children()}</Table></div>}
    </Folded>
  )
}

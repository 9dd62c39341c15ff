import type { ReactNode } from 'react'

export interface TableProps {
  'aria-label'?: string
  /** Pixels above and below what is in a cell. 7 if not told. */
  verticalSpacing?: number
  withRowBorders?: boolean
  highlightOnHover?: boolean
  /** The head stays in sight while what is around the table scrolls. */
  stickyHeader?: boolean
  layout?: 'auto' | 'fixed'
  /** Pixels that it is wide at least. */
  miw?: number
  children: ReactNode
}

/** Table is a table of plain rows and cells: a page has hundreds of them, and a component for each takes longer than all else on it. */
export function Table({ verticalSpacing = 7, withRowBorders = true, highlightOnHover, stickyHeader, layout, miw, children, ...name }: TableProps) {
  return (
    <table
      {...name} className="table" data-plain={!withRowBorders || undefined} data-hover={highlightOnHover} data-sticky={stickyHeader}
      style={{ ['--table-space' as string]: `${verticalSpacing}px`, tableLayout: layout, minWidth: miw }}
    >
      {children}
    </table>
  )
}

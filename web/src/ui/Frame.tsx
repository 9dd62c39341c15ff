import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

/** Frame holds a table that may be wider than the screen: it scrolls, also by the keyboard, and has a name. */
export function Frame({ name, width, children }: { name: string; width: number; children: ReactNode }) {
  return (
    <Table.ScrollContainer minWidth={width} scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': name } }}>
      {children}
    </Table.ScrollContainer>
  )
}

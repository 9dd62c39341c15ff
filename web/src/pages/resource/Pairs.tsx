import { Table } from '@mantine/core'
import type { ReactNode } from 'react'

/** Pairs are names with what they stand for. */
export function Pairs({ pairs }: { pairs: [string, ReactNode][] }) {
  return (
    <Table verticalSpacing={3} withRowBorders={false} layout="fixed">
      <Table.Tbody>
        {pairs.map(([name, value]) => (
          <Table.Tr key={name}>
            <Table.Th w="32%" style={{ overflowWrap: 'anywhere', verticalAlign: 'top' }}>{name}</Table.Th>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>{value}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

import type { ReactNode } from 'react'
import { Table } from '../../ui/Table'

/** Pairs are names with what they stand for. */
export function Pairs({ pairs }: { pairs: [string, ReactNode][] }) {
  return (
    <Table verticalSpacing={3} withRowBorders={false} layout="fixed">
      <tbody>
        {pairs.map(([name, value]) => (
          <tr key={name}>
            <th style={{ width: '32%', overflowWrap: 'anywhere', verticalAlign: 'top' }}>{name}</th>
            <td style={{ overflowWrap: 'anywhere' }}>{value}</td>
          </tr>
        ))}
      </tbody>
    </Table>
  )
}

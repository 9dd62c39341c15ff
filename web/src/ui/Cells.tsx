import { Table } from '@mantine/core'
import { Folded } from './Folded'
import { Frame } from './Frame'
import { plural, words } from './format'

interface Cell { account_id: string; region: string; resource_type: string; why: string; when?: string }

/** Cells is the list of cells behind a figure that lacks them, folded away until it is asked for. */
export function Cells({ cells, more = 0, label = 'Which cells, and why' }: { cells: Cell[]; more?: number; label?: string }) {
  return (
    <Folded summary={label}>
      {() => (
        <>
          <Frame name={label} width={480}>
            <Table withRowBorders={false} verticalSpacing={2}>
              <Table.Thead>
                <Table.Tr><Table.Th>Account</Table.Th><Table.Th>Region</Table.Th><Table.Th>Type</Table.Th><Table.Th>Why</Table.Th></Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {cells.map((cell) => (
                  <Table.Tr key={`${cell.account_id}/${cell.region}/${cell.resource_type}`}>
                    <Table.Td>{cell.account_id}</Table.Td>
                    <Table.Td>{cell.region}</Table.Td>
                    <Table.Td>{words(cell.resource_type)}</Table.Td>
                    <Table.Td>{words(cell.why)}{cell.when && `, ${cell.when}`}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </Frame>
          {more > 0 && <p>and {plural(more, 'more', 'more')}</p>}
        </>
      )}
    </Folded>
  )
}

import type { Schemas } from '@consolesensei/resource-tracker'
import { Anchor, Badge, Table, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { FieldChanges } from '../../ui/FieldChanges'
import { change, count, moment, money, plural, since, words } from '../../ui/format'

type Change = Schemas['Change']

const colours = { added: 'teal.9', removed: 'red.9', changed: 'indigo.8' }

/** ChangeTable lists changes with what was and what is. Its sum is that of the page, once all are shown. */
export function ChangeTable({ changes, of, total, onOpen }: { changes: Change[]; of: number; total: Schemas['Totals']; onOpen: (key: string) => void }) {
  const sum = changes.reduce((all, one) => all + (one.cost_difference ?? 0), 0)
  const unknown = changes.filter((one) => one.cost_difference === null).length
  return (
    <Frame name="Changes" width={760}>
      <Table>
        <Table.Thead>
          <Table.Tr><Table.Th>Resource</Table.Th><Table.Th>Change</Table.Th><Table.Th>Before → after</Table.Th><Table.Th>Seen</Table.Th><Table.Th className="number">A month</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>{changes.map((one) => <Row key={`${one.change}/${one.resource_key}`} one={one} onOpen={onOpen} />)}</Table.Tbody>
        <Table.Tfoot>
          <Table.Tr>
            <Table.Th colSpan={4}>
              {changes.length === of ? `All ${plural(of, 'change')}` : `${count(changes.length)} of ${plural(of, 'change')} are shown; all are ${change(total.cost_difference)}`}
              {unknown > 0 && `, without ${count(unknown)} of unknown cost`}
            </Table.Th>
            <Table.Th className="number">{change(sum)}</Table.Th>
          </Table.Tr>
        </Table.Tfoot>
      </Table>
    </Frame>
  )
}

function Row({ one, onOpen }: { one: Change; onOpen: (key: string) => void }) {
  return (
    <Table.Tr>
      <Table.Td maw={260} style={{ overflowWrap: 'anywhere' }}>
        <Anchor component="button" type="button" size="sm" ta="left" underline="always" onClick={() => onOpen(one.resource_key)}>{one.resource_name ?? one.resource_id}</Anchor>
        <Text size="xs">{words(one.resource_type)}, {one.region}, {one.account_id}</Text>
      </Table.Td>
      <Table.Td><Badge color={colours[one.change]} style={{ '--badge-color': '#fff', minWidth: 'max-content' }}>{one.change}</Badge></Table.Td>
      <Table.Td>{one.change === 'changed' ? <FieldChanges fields={one.fields} /> : <Text size="sm">{one.change === 'added' ? `not there → ${one.state}` : `${one.state} → not there`}</Text>}</Table.Td>
      <Table.Td><Text size="sm">{since(one.since)}</Text><Text size="xs">{moment(one.since)}</Text></Table.Td>
      <Table.Td className="number">
        {change(one.cost_difference)}
        {one.cost_difference !== null && one.cost_difference !== 0 && <Text size="xs">{one.change === 'added' ? '' : money(one.cost_before)}{one.change === 'changed' ? ' → ' : ''}{one.change === 'removed' ? '' : money(one.cost_now)}</Text>}
      </Table.Td>
    </Table.Tr>
  )
}

import type { PlanItem } from '@consolesensei/resource-tracker'
import { Code, Table, Text } from '@mantine/core'
import { Frame } from '../../ui/Frame'
import { money, plural, words } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { To } from '../../ui/To'
import { quoted } from '../inventory/key'

/** Items is what would happen to each resource, what refuses it and how to lift that, and what has happened. */
export function Items({ items }: { items: PlanItem[] }) {
  return (
    <Frame name="Items" width={760}>
      <Table>
        <Table.Thead>
          <Table.Tr><Table.Th>Resource</Table.Th><Table.Th>What would happen</Table.Th><Table.Th>State</Table.Th><Table.Th className="number">Saves a month</Table.Th><Table.Th>Undo</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {items.map((item) => (
            <Table.Tr key={item.index}>
              <Table.Td>
                <To to="/inventory" search={{ filter: `id:${quoted(item.resource_id)}` }} size="sm">{item.resource_name ?? item.resource_id}</To>
                <Text size="xs">{words(item.resource_type)}, {item.region}, {item.state}</Text>
              </Table.Td>
              <Table.Td>
                <Text size="sm"><strong>{item.action}</strong>: {item.would}</Text>
                {item.refusals.map((refusal) => (
                  <Text size="sm" key={refusal.rule}>Refused by {words(refusal.rule)}: {refusal.message}{refusal.how_to_lift && ` ${refusal.how_to_lift}`}</Text>
                ))}
                {item.notes?.map((note) => <Text size="xs" key={note}>{note}</Text>)}
                {item.dependents && item.dependents.length > 0 && <Text size="xs">{plural(item.dependents.length, 'resource')} depend on it: {item.dependents.slice(0, 5).join(', ')}</Text>}
                {item.permission?.verdict === 'denied' && <Text size="xs">AWS would deny: {item.permission.denied?.map((one) => <Code key={one}>{one}</Code>)}</Text>}
              </Table.Td>
              <Table.Td>
                <StateBadge state={item.ledger.item_state} />
                {item.ledger.message && <Text size="xs">{item.ledger.message}</Text>}
                {item.ledger.error && <Text size="xs">{item.ledger.error.message}</Text>}
              </Table.Td>
              <Table.Td className="number">{money(item.monthly_saving)}</Table.Td>
              <Table.Td><Text size="sm">{item.undo ?? 'cannot be undone'}</Text></Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Frame>
  )
}

import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, Table, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { AsTable } from '../../ui/AsTable'
import { count, money, words } from '../../ui/format'
import { To } from '../../ui/To'
import { type Leaf, Treemap } from '../../ui/Treemap'
import { partsOf } from '../costs/dimension'

/** CostMap is the cost by service and type. What costs nothing, or is of unknown cost, is in the table alone. */
export function CostMap({ groups }: { groups: Schemas['Group'][] }) {
  const navigate = useNavigate()
  const parts = useMemo(() => partsOf(groups, 2), [groups])
  const leaves = useMemo<Leaf[]>(() => parts.map((part) => ({
    group: part.keys[0] ?? 'none', key: words(part.keys[1] ?? 'none'), cost: part.total, apart: part.otherRegion, resources: part.resources, filter: `type:${part.keys[1]}`,
  })), [parts])
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Cost by service and type</Title>
      <Treemap leaves={leaves.filter((leaf) => leaf.cost > 0)} label="Cost a month by service and type" onPick={(leaf) => void navigate({ to: '/inventory', search: { filter: leaf.filter, sort: '-cost' } })} />
      <AsTable label="Cost by service and type">
        {() => (
          <>
            <Table.Thead><Table.Tr><Table.Th>Service</Table.Th><Table.Th>Type</Table.Th><Table.Th className="number">Resources</Table.Th><Table.Th className="number">Cost a month</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {parts.map((part) => (
                <Table.Tr key={part.keys.join('/')}>
                  <Table.Td>{part.keys[0]}</Table.Td>
                  <Table.Td><To to="/inventory" search={{ filter: `type:${part.keys[1]}` }}>{words(part.keys[1] ?? '')}</To></Table.Td>
                  <Table.Td className="number">{count(part.resources)}</Table.Td>
                  <Table.Td className="number">
                    {part.unknown === part.resources ? 'not known' : money(part.total)}
                    {part.otherRegion > 0 && <Text size="xs" component="span"> of it {money(part.otherRegion)} at the price of another region</Text>}
                    {part.unknown > 0 && <Text size="xs" component="span"> + {count(part.unknown)} unknown</Text>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </>
        )}
      </AsTable>
    </Card>
  )
}

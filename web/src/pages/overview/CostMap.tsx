import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, Table, Text, Title } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { count, money, words } from '../../ui/format'
import { To } from '../../ui/To'
import { type Leaf, Treemap } from '../../ui/Treemap'

/** CostMap is the cost by service and type. What costs nothing, or is of unknown cost, is in the table alone. */
export function CostMap({ groups }: { groups: Schemas['Group'][] }) {
  const navigate = useNavigate()
  const leaves = useMemo<Leaf[]>(() => groups.map((group) => ({
    group: group.keys[0] ?? 'none', key: words(group.keys[1] ?? 'none'), cost: group.estimated_monthly_total, resources: group.resources, filter: `type:${group.keys[1]}`,
  })), [groups])
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Cost by service and type</Title>
      <Treemap leaves={leaves.filter((leaf) => leaf.cost > 0)} label="Cost a month by service and type" onPick={(leaf) => void navigate({ to: '/inventory', search: { filter: leaf.filter, sort: '-cost' } })} />
      <details>
        <summary>As a table</summary>
        <div className="scroll" tabIndex={0} role="region" aria-label="Cost by service and type, as a table">
          <Table verticalSpacing={2}>
            <Table.Thead><Table.Tr><Table.Th>Service</Table.Th><Table.Th>Type</Table.Th><Table.Th className="number">Resources</Table.Th><Table.Th className="number">Cost a month</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>
              {groups.map((group) => (
                <Table.Tr key={group.keys.join('/')}>
                  <Table.Td>{group.keys[0]}</Table.Td>
                  <Table.Td><To to="/inventory" search={{ filter: `type:${group.keys[1]}` }}>{words(group.keys[1] ?? '')}</To></Table.Td>
                  <Table.Td className="number">{count(group.resources)}</Table.Td>
                  <Table.Td className="number">
                    {money(group.estimated_monthly_total)}
                    {group.resources_with_unknown_cost > 0 && <Text size="xs" component="span"> + {count(group.resources_with_unknown_cost)} unknown</Text>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </div>
      </details>
    </Card>
  )
}

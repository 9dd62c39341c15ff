import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, Text, Title } from '@mantine/core'
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
            <thead><tr><th>Service</th><th>Type</th><th className="number">Resources</th><th className="number">Cost a month</th></tr></thead>
            <tbody>
              {parts.map((part) => (
                <tr key={part.keys.join('/')}>
                  <td>{part.keys[0]}</td>
                  <td><To to="/inventory" search={{ filter: `type:${part.keys[1]}` }}>{words(part.keys[1] ?? '')}</To></td>
                  <td className="number">{count(part.resources)}</td>
                  <td className="number">
                    {part.unknown === part.resources ? 'not known' : money(part.total)}
                    {part.otherRegion > 0 && <Text size="xs" component="span"> of it {money(part.otherRegion)} at the price of another region</Text>}
                    {part.unknown > 0 && <Text size="xs" component="span"> + {count(part.unknown)} unknown</Text>}
                  </td>
                </tr>
              ))}
            </tbody>
          </>
        )}
      </AsTable>
    </Card>
  )
}

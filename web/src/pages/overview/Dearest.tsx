import { Card, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { money, words } from '../../ui/format'
import { Asked } from '../../ui/States'
import { To } from '../../ui/To'
import { keyOf } from '../inventory/key'

/** Dearest are the ten resources that cost most. */
export function Dearest() {
  const account = useAccount()
  const dearest = useQuery({ queryKey: ['inventory', 'dearest', account], queryFn: ({ signal }) => tracker.inventory.page({ ...ofAccount(account), sort: '-cost', limit: 10 }, { signal }) })
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Ten dearest</Title>
      <Asked query={dearest} what="the dearest resources" height={320}>
        {(data) => (
          <div className="scroll" tabIndex={0} role="region" aria-label="Ten dearest">
            <Table verticalSpacing={4}>
              <Table.Thead><Table.Tr><Table.Th>Resource</Table.Th><Table.Th>Type</Table.Th><Table.Th>Region</Table.Th><Table.Th>State</Table.Th><Table.Th className="number">Cost a month</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.resources.map((resource) => (
                  <Table.Tr key={keyOf(resource)}>
                    <Table.Td><To to="/inventory" search={{ sort: '-cost', resource: keyOf(resource) }}>{resource.resource_name ?? resource.resource_id}</To></Table.Td>
                    <Table.Td>{words(resource.resource_type)}</Table.Td>
                    <Table.Td>{resource.region}</Table.Td>
                    <Table.Td>{resource.state}{resource.stale && <Text size="xs">as last seen</Text>}</Table.Td>
                    <Table.Td className="number">{money(resource.estimated_cost_monthly)}</Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </div>
        )}
      </Asked>
    </Card>
  )
}

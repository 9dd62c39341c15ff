import { Card, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { money, words } from '../../ui/format'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
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
              <thead><tr><th>Resource</th><th>Type</th><th>Region</th><th>State</th><th className="number">Cost a month</th></tr></thead>
              <tbody>
                {data.resources.map((resource) => (
                  <tr key={keyOf(resource)}>
                    <td><To to="/inventory" search={{ sort: '-cost', resource: keyOf(resource) }}>{resource.resource_name ?? resource.resource_id}</To></td>
                    <td>{words(resource.resource_type)}</td>
                    <td>{resource.region}</td>
                    <td>{resource.state}{resource.stale && <Text size="xs">as last seen</Text>}</td>
                    <td className="number">{money(resource.estimated_cost_monthly)}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </div>
        )}
      </Asked>
    </Card>
  )
}

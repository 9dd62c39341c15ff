import { Card, Group, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { change, plural, since, words } from '../../ui/format'
import { Cells } from '../../ui/Cells'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { quoted } from '../inventory/key'

/** Changes is what a week has changed. Cells that were not seen at both times are named, and nothing of them counts. */
export function Changes() {
  const account = useAccount()
  const diff = useQuery({ queryKey: ['diff', 'week', account], queryFn: ({ signal }) => tracker.trends.diff({ ...ofAccount(account), limit: 8, unknown_limit: 20 }, { signal }).first() })
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">Changed in seven days</Title>
        <To to="/diff" search={{ from: '7d' }} size="sm">All changes</To>
      </Group>
      <Asked query={diff} what="what has changed" height={220}>
        {(data) => (
          <>
            {data.summary && (
              <Text size="sm">
                {plural(data.summary.added, 'resource')} added, {data.summary.removed} removed, {data.summary.changed} changed: <strong>{change(data.summary.cost_difference)}</strong> a month
                {data.summary.resources_with_unknown_cost > 0 && `, without ${data.summary.resources_with_unknown_cost} of unknown cost`}.
              </Text>
            )}
            {data.unknown.cells > 0 && (
              <Cells
                label={`Of ${plural(data.unknown.cells, 'cell')} it is not known what has changed`}
                cells={data.unknown.list.map((cell) => ({ ...cell, why: cell.reason }))} more={data.unknown.cells - data.unknown.list.length}
              />
            )}
            {data.changes.length === 0 ? <Empty title="Nothing has changed">{data.unknown.cells + data.unknown.cells_known === 0 && 'No scan has looked at what could have.'}</Empty> : (
              <div className="scroll" tabIndex={0} role="region" aria-label="Changes">
                <Table verticalSpacing={4}>
                  <thead><tr><th>Resource</th><th>Change</th><th className="number">A month</th></tr></thead>
                  <tbody>
                    {data.changes.map((one) => (
                      <tr key={one.resource_key}>
                        <td><To to="/inventory" search={{ filter: `id:${quoted(one.resource_id)}` }}>{one.resource_name ?? one.resource_id}</To><Text size="xs">{words(one.resource_type)}</Text></td>
                        <td>{one.change}{one.fields.length > 0 && `: ${one.fields.slice(0, 2).map((field) => field.field).join(', ')}`}<Text size="xs">{since(one.since)}</Text></td>
                        <td className="number">{change(one.cost_difference)}</td>
                      </tr>
                    ))}
                  </tbody>
                </Table>
              </div>
            )}
          </>
        )}
      </Asked>
    </Card>
  )
}

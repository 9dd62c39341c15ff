import { Card, Group, Text, Title } from '@mantine/core'
import { money, since } from '../../ui/format'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { useCounted } from './findings'

/** NewestFindings are the savings that were found last, of those that count. */
export function NewestFindings() {
  const findings = useCounted()
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">Newest findings</Title>
        <To to="/savings" search={{ counted: 'true' }} size="sm">All that count</To>
      </Group>
      <Asked query={findings} what="the newest findings" height={220}>
        {(data) => data.findings.length === 0 ? <Empty title="Nothing to save was found">Each scan looks for it before it ends.</Empty> : (
          <div className="scroll" tabIndex={0} role="region" aria-label="Newest findings">
            <Table verticalSpacing={4}>
              <thead><tr><th>Finding</th><th>Since</th><th className="number">Saves a month</th></tr></thead>
              <tbody>
                {data.findings.map((one) => (
                  <tr key={one.finding_id}>
                    <td><To to="/savings" search={{ rule: one.rule, counted: 'true' }}>{one.title}</To><Text size="xs">{one.resource_name ?? one.resource_id}</Text></td>
                    <td>{since(one.opened_at)}</td>
                    <td className="number">{money(one.monthly_saving)}</td>
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

import { Card, Group, Table, Text, Title } from '@mantine/core'
import { money, since } from '../../ui/format'
import { Asked, Empty } from '../../ui/States'
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
              <Table.Thead><Table.Tr><Table.Th>Finding</Table.Th><Table.Th>Since</Table.Th><Table.Th className="number">Saves a month</Table.Th></Table.Tr></Table.Thead>
              <Table.Tbody>
                {data.findings.map((one) => (
                  <Table.Tr key={one.finding_id}>
                    <Table.Td><To to="/savings" search={{ rule: one.rule, counted: 'true' }}>{one.title}</To><Text size="xs">{one.resource_name ?? one.resource_id}</Text></Table.Td>
                    <Table.Td>{since(one.opened_at)}</Table.Td>
                    <Table.Td className="number">{money(one.monthly_saving)}</Table.Td>
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

import type { Schemas } from '@consolesensei/resource-tracker'
import { Progress, Table, Text } from '@mantine/core'
import { count, moment, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'

/** QuotaTable shows how much of each quota is used. What is used up is answered 429 until it is counted anew. */
export function QuotaTable({ name, quotas }: { name: string; quotas: Schemas['QuotaUse'][] }) {
  return (
    <Frame name={name} width={560}>
      <Table>
        <Table.Thead><Table.Tr><Table.Th>Quota</Table.Th><Table.Th className="number">Used</Table.Th><Table.Th className="number">Limit</Table.Th><Table.Th w={160}>Share</Table.Th><Table.Th>Counted anew</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {quotas.map((quota) => {
            const used = quota.limit > 0 ? quota.used / quota.limit : 0
            return (
              <Table.Tr key={quota.name}>
                <Table.Td>{words(quota.name.replace('principal.', ''))}{quota.per && <Text size="xs">per {quota.per}</Text>}</Table.Td>
                <Table.Td className="number">{count(quota.used)}</Table.Td>
                <Table.Td className="number">{quota.limit === 0 ? 'no limit' : count(quota.limit)}</Table.Td>
                <Table.Td>
                  {quota.limit > 0 && <Progress value={Math.min(100, used * 100)} color={used >= 1 ? 'red.9' : used >= 0.8 ? 'orange.9' : 'teal.9'} aria-label={`${words(quota.name)}: ${count(quota.used)} of ${count(quota.limit)}`} />}
                  {used >= 1 && <Text size="xs">used up: refused with 429</Text>}
                </Table.Td>
                <Table.Td>{quota.resets_at ? moment(quota.resets_at) : 'as it becomes free'}</Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Frame>
  )
}

import type { Schemas } from '@consolesensei/resource-tracker'
import { Progress, Text } from '@mantine/core'
import { count, moment, words } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Table } from '../../ui/Table'

/** QuotaTable shows how much of each quota is used. What is used up is answered 429 until it is counted anew. */
export function QuotaTable({ name, quotas }: { name: string; quotas: Schemas['QuotaUse'][] }) {
  return (
    <Frame name={name} width={560}>
      <Table>
        <thead><tr><th>Quota</th><th className="number">Used</th><th className="number">Limit</th><th style={{ width: 160 }}>Share</th><th>Counted anew</th></tr></thead>
        <tbody>
          {quotas.map((quota) => {
            const used = quota.limit > 0 ? quota.used / quota.limit : 0
            return (
              <tr key={quota.name}>
                <td>{words(quota.name.replace('principal.', ''))}{quota.per && <Text size="xs">per {quota.per}</Text>}</td>
                <td className="number">{count(quota.used)}</td>
                <td className="number">{quota.limit === 0 ? 'no limit' : count(quota.limit)}</td>
                <td>
                  {quota.limit > 0 && <Progress value={Math.min(100, used * 100)} color={used >= 1 ? 'red.9' : used >= 0.8 ? 'orange.9' : 'teal.9'} aria-label={`${words(quota.name)}: ${count(quota.used)} of ${count(quota.limit)}`} />}
                  {used >= 1 && <Text size="xs">used up: refused with 429</Text>}
                </td>
                <td>{quota.resets_at ? moment(quota.resets_at) : 'as it becomes free'}</td>
              </tr>
            )
          })}
        </tbody>
      </Table>
    </Frame>
  )
}

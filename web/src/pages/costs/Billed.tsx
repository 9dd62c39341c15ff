import type { Query, Schemas } from '@consolesensei/resource-tracker'
import { Alert, Card, List, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { day, plural, since } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'

type By = NonNullable<Query<'list-billed'>['by']>

/** Billed sets what AWS billed beside the estimate, where a bill was read. What either lacks is not known, and no zero. */
export function Billed({ by }: { by: string }) {
  const account = useAccount()
  const asked: By = account ? 'account' : by === 'account' || by === 'region' ? by : 'service'
  const billed = useQuery({ queryKey: ['billed', asked], queryFn: ({ signal }) => tracker.trends.billed({ by: asked }, { signal }) })
  const ofIt = (data: Schemas['BillsAnswer']) => (account ? { ...data, billed: data.billed.filter((line) => line.key === account) } : data)
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="xs">Estimate beside the bill</Title>
      <Asked query={billed} what="what was billed" height={120}>
        {(data) => (
          <>
            {data.faults.length > 0 && (
              <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title="Not all of the bill could be read" mb="xs">
                <List size="sm">{data.faults.map((fault) => <List.Item key={fault}>{fault}</List.Item>)}</List>
              </Alert>
            )}
            {data.source === 'none' ? <Empty title="No bill was read yet">BILLED_FILES names the folder of exports that AWS writes of what it bills. Until then nothing is known to be billed.</Empty> : <Lines data={ofIt(data)} by={asked} />}
            {data.source !== 'none' && data.not_covered.length > 0 && (
              <details><summary>What the bill and the estimate do not both have</summary><List size="sm">{data.not_covered.map((one) => <List.Item key={one}>{one}</List.Item>)}</List></details>
            )}
          </>
        )}
      </Asked>
    </Card>
  )
}

function Lines({ data, by }: { data: Schemas['BillsAnswer']; by: By }) {
  const amount = (value: number | null, currency: string) => (value === null ? 'not known' : new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(value))
  return (
    <>
      <Text size="sm">
        {day(data.from)} to {day(data.to)}, read {since(data.read_at)}. {data.compared ? `Usage, estimate and difference are of ${day(data.compared.from)} to ${day(data.compared.to)}, which both have.` : 'No day is in both the bill and the history.'}
      </Text>
      <Frame name="Estimate beside the bill" width={680}>
        <Table verticalSpacing={4}>
          <thead><tr><th>{by}</th>{['Billed', 'Usage', 'Estimate', 'Difference', 'Unknown'].map((name) => <th key={name} className="number">{name}</th>)}</tr></thead>
          <tbody>
            {data.billed.map((line) => (
              <tr key={`${line.key}/${line.currency}`}>
                <td>{line.key}</td>
                {[line.billed, line.usage, line.estimate, line.difference].map((value, index) => <td key={index} className="number">{amount(value, line.currency)}</td>)}
                <td className="number">{line.unpriced > 0 ? plural(line.unpriced, 'resource') : 'none'}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Frame>
    </>
  )
}

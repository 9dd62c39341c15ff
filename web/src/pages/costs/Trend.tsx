import type { Schemas } from '@consolesensei/resource-tracker'
import { Card, Group, NativeSelect, Text, Title } from '@mantine/core'
import { useAccount } from '../../api/account'
import { Folded } from '../../ui/Folded'
import { change, count, day, money, plural } from '../../ui/format'
import { LineChart } from '../../ui/LineChart'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { NoTrend } from './NoTrend'
import { Outlook } from './Outlook'
import { conditionOf, nameOfDimension, nameOfKey } from './dimension'
import { outlookOf, useAnomalies, useForecast, useTrend } from './trends'

interface TrendProps { by: string; days: string; isFiltered: boolean; onDays: (days: string) => void }

/** Trend is the cost by day with what stood out, what the month will have cost, and how each group went. */
export function Trend({ by, days, isFiltered, onDays }: TrendProps) {
  const account = useAccount()
  const trend = useTrend(by, days)
  const anomalies = useAnomalies(by, days)
  const forecast = useForecast()
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs" align="flex-start">
        <Title order={2} size="h4">Day by day</Title>
        <NativeSelect label="Days" value={days} onChange={(event) => onDays(event.currentTarget.value)} data={[...new Set(['30', '60', '90', '180', '365', days])].map((value) => ({ value, label: `${value} days` }))} />
      </Group>
      {isFiltered && <Text size="sm" fw={600}>A trend takes no filter: this is of {account ? 'all of the account' : 'everything'}.</Text>}
      {account && <Text size="sm">An account has one trend: it is not told apart by anything more.</Text>}
      <Asked query={trend} what="the trend" height={240}>
        {(data) => data.total.length === 0 ? <NoTrend /> : (
          <>
            <LineChart
              label={`Cost a month, by day${outlookOf(forecast.data) ? ', and the forecast of the month' : ''}`} show={money} height={260} outlook={outlookOf(forecast.data)}
              points={data.total.map((point) => ({ label: day(point.day), value: point.monthly_cost, known: point.observed }))} marks={marksOf(anomalies.data)}
            />
            {data.observed_days < data.days && <Text size="sm">{count(data.days - data.observed_days)} of {plural(data.days, 'day')} were not looked at: they are as of the day before, and drawn hollow.</Text>}
            {data.known_since && <Text size="sm">Nothing is known of the days before {day(data.known_since)}.</Text>}
            {(data.total.at(-1)?.unpriced ?? 0) > 0 && <Text size="sm">No day has what is of unknown cost: {plural(data.total.at(-1)!.unpriced, 'resource')} on the last.</Text>}
            {!account && by === 'service' && <Text size="sm">Trends are kept by type, and not by service.</Text>}
            {!account && by.startsWith('tag:') && data.by === 'none' && <Text size="sm" fw={600}>The {nameOfDimension(by)} has no trend of its own: HISTORY_TAGS names the tags that have one. This is the total.</Text>}
            {!data.complete && <Text size="sm" fw={600}>The groups do not add up to the total: the tag has a trend since later than resources are known.</Text>}
            {data.groups.length > 0 && <Went data={data} />}
          </>
        )}
      </Asked>
      <Asked query={forecast} what="the forecast" height={40}>
        {(data) => data && (
          <Outlook {...data}>
            {data.total.carried_days > 0 && ` ${plural(data.total.carried_days, 'day')} of it count as the day before, because no scan looked.`}
          </Outlook>
        )}
      </Asked>
    </Card>
  )
}

/** marksOf says by day what stood out. */
function marksOf(anomalies: Schemas['AnomaliesAnswer'] | undefined): Map<string, string> {
  const marks = new Map<string, string>()
  for (const one of anomalies?.anomalies ?? []) {
    const label = day(one.day)
    const what = `${one.key === null ? 'the total' : nameOfKey(anomalies!.by, one.key)} ${change(one.step)}`
    marks.set(label, [marks.get(label), what].filter(Boolean).join(', '))
  }
  return marks
}

/** Went is how each group went over the days. Its figures lead to the list of the time. */
function Went({ data }: { data: Schemas['TrendAnswer'] }) {
  const rows = [...data.groups.map((group) => ({ key: group.key as string | null, points: group.points })), ...(data.other ? [{ key: null, points: data.other }] : [])]
  return (
    <Folded summary={`How each ${nameOfDimension(data.by)} went`}>
      {() => (
        <div className="scroll" tabIndex={0} role="region" aria-label={`How each ${nameOfDimension(data.by)} went`}>
          <Table verticalSpacing={2} miw={520}>
            <thead><tr><th>{nameOfDimension(data.by)}</th><th className="number">{day(data.from!)}</th><th className="number">{day(data.to!)}</th><th className="number">Change</th></tr></thead>
            <tbody>
              {rows.map(({ key, points }) => {
                const first = points[0]?.monthly_cost ?? 0
                const last = points.at(-1)?.monthly_cost ?? 0
                const filter = key === null ? undefined : conditionOf(data.by, data.by.startsWith('tag:') && key === '' ? null : key, () => [])
                return (
                  <tr key={key ?? '\0'}>
                    <td>{key === null ? 'all others' : nameOfKey(data.by, data.by.startsWith('tag:') && key === '' ? null : key)}</td>
                    <td className="number">{filter ? <To to="/inventory" search={{ filter, sort: '-cost', at: endOf(data.from!) }}>{money(first)}</To> : money(first)}</td>
                    <td className="number">{filter ? <To to="/inventory" search={{ filter, sort: '-cost' }}>{money(last)}</To> : money(last)}</td>
                    <td className="number">{change(last - first)}</td>
                  </tr>
                )
              })}
            </tbody>
          </Table>
        </div>
      )}
    </Folded>
  )
}

/** endOf is the end of a day, as an inventory of the time takes it. */
const endOf = (date: string): string => new Date(Date.parse(date) + 86_400_000).toISOString().slice(0, 10)

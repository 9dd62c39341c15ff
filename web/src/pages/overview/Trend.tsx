import { Card, Group, Text, Title } from '@mantine/core'
import { useAccount } from '../../api/account'
import { count, day, money, share } from '../../ui/format'
import { LineChart } from '../../ui/LineChart'
import { Asked, Empty } from '../../ui/States'
import { To } from '../../ui/To'
import { outlookOf, useForecast, useTrend } from '../costs/trends'

/** Trend is the cost by day, and what the month will have cost. */
export function Trend() {
  const trend = useTrend('none', '30')
  const account = useAccount()
  const forecast = useForecast()
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">Cost of thirty days</Title>
        <To to="/costs" size="sm">Costs by any two dimensions</To>
      </Group>
      <Asked query={trend} what="the trend" height={220}>
        {(data) => data.total.length === 0 ? <Empty title="No day is known yet">{account ? 'The account has no trend: no scan saw what costs something in it, or a hundred others cost more.' : 'The first scan begins the trend.'}</Empty> : (
          <>
            <LineChart label="Cost a month, by day, and the forecast of the month" show={money} outlook={outlookOf(forecast.data)} points={data.total.map((point) => ({ label: day(point.day), value: point.monthly_cost, known: point.observed }))} />
            {data.observed_days < data.days && <Text size="sm">{count(data.days - data.observed_days)} of {count(data.days)} days were not looked at: they are as of the day before, and drawn hollow.</Text>}
          </>
        )}
      </Asked>
      <Asked query={forecast} what="the forecast" height={40}>
        {(data) => data && (
          <Text size="sm" mt="xs">
            {data.month} until today: {money(data.total.month_to_date)}.{' '}
            {data.total.method === 'none' ? 'There is no forecast yet.' : <>Forecast of the month: <strong>{money(data.total.forecast)}</strong>, {money(data.total.low)} to {money(data.total.high)} in {share(data.interval)} of months.</>}
          </Text>
        )}
      </Asked>
    </Card>
  )
}

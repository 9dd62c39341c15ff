import { Card, Group, Text, Title } from '@mantine/core'
import { count, day, money } from '../../ui/format'
import { LineChart } from '../../ui/LineChart'
import { Asked } from '../../ui/States'
import { To } from '../../ui/To'
import { NoTrend } from '../costs/NoTrend'
import { Outlook } from '../costs/Outlook'
import { outlookOf, useForecast, useTrend } from '../costs/trends'

/** Trend is the cost by day, and what the month will have cost. */
export function Trend() {
  const trend = useTrend('none', '30')
  const forecast = useForecast()
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">Cost of thirty days</Title>
        <To to="/costs" size="sm">Costs by any two dimensions</To>
      </Group>
      <Asked query={trend} what="the trend" height={220}>
        {(data) => data.total.length === 0 ? <NoTrend /> : (
          <>
            <LineChart label="Cost a month, by day, and the forecast of the month" show={money} outlook={outlookOf(forecast.data)} points={data.total.map((point) => ({ label: day(point.day), value: point.monthly_cost, known: point.observed }))} />
            {data.observed_days < data.days && <Text size="sm">{count(data.days - data.observed_days)} of {count(data.days)} days were not looked at: they are as of the day before, and drawn hollow.</Text>}
          </>
        )}
      </Asked>
      <Asked query={forecast} what="the forecast" height={40}>
        {(data) => data && <Outlook {...data} />}
      </Asked>
    </Card>
  )
}

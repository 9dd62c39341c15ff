import type { Schemas } from '@consolesensei/resource-tracker'
import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { day, money } from '../../ui/format'
import { LineChart } from '../../ui/LineChart'
import { Asked, Empty } from '../../ui/States'

// A trend is of everything, or of one type, region or account. Of any other filter there is none.
const single = /^(type|region|account):"?([\w.-]+)"?$/

/** MonthDays is what a month has cost by day, added up, where a trend is of the same as the budget. */
export function MonthDays({ budget }: { budget: Schemas['BudgetItem'] }) {
  const [, by = 'none', key] = budget.filter ? single.exec(budget.filter.trim()) ?? [] : []
  const hasTrend = !budget.filter || key !== undefined
  const trend = useQuery({
    queryKey: ['trend', by, budget.standing.month], enabled: hasTrend,
    queryFn: ({ signal }) => tracker.trends.get({ by, from: `${budget.standing.month}-01`, top: 100 }, { signal }),
  })
  return (
    <div>
      <Title order={2} size="h5" mb={4}>Days of the month</Title>
      {!hasTrend ? <Text size="sm">Trends are kept of everything, and by type, region and account. Of this filter there is the sum alone.</Text> : (
        <Asked query={trend} what="the days" height={180}>
          {(data) => {
            const points = key === undefined ? data.total : data.groups.find((group) => group.key === key)?.points ?? []
            let sum = 0
            return points.length === 0 ? <Empty title="No day is known" /> : (
              <LineChart label="Spent in the month, by day" height={180} show={money} points={points.map((point) => ({ label: day(point.day), value: (sum += point.spend), known: point.observed }))} />
            )
          }}
        </Asked>
      )}
    </div>
  )
}

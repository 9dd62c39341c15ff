import { Card, Group, Stack, Text, Title } from '@mantine/core'
import { plural } from '../../ui/format'
import { AllAccounts } from '../../ui/AllAccounts'
import { StateBadge } from '../../ui/StateBadge'
import { Asked, Empty } from '../../ui/States'
import { To } from '../../ui/To'
import { BudgetBar, spoken } from '../budgets/BudgetBar'
import { useBudgets } from '../budgets/budgets'

const worst = ['over', 'forecast_over', 'warned', 'unknown', 'within']
const shown = 4

/** BudgetBars are the budgets that stand worst. */
export function BudgetBars() {
  const budgets = useBudgets()
  return (
    <Card withBorder>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h4">Budgets</Title>
        <To to="/budgets" size="sm">All budgets</To>
      </Group>
      <AllAccounts />
      <Asked query={budgets} what="the budgets" height={160}>
        {(data) => data.length === 0 ? <Empty title="There is no budget yet">A budget says what a month may cost.</Empty> : (
          <Stack gap="sm">
            {[...data].sort((a, b) => worst.indexOf(a.standing.state) - worst.indexOf(b.standing.state) || (b.standing.forecast_ratio ?? 0) - (a.standing.forecast_ratio ?? 0)).slice(0, shown).map((one) => (
              <div key={one.budget_id}>
                <Group justify="space-between" gap="xs" mb={4}><To to="/budgets" search={{ budget: one.budget_id }} size="sm">{one.name}</To><StateBadge state={one.standing.state} /></Group>
                <BudgetBar budget={one} />
                <Text size="xs" mt={2}>{one.standing.state === 'unknown' ? 'Not reckoned yet' : spoken(one)}</Text>
              </div>
            ))}
            {data.length > shown && <Text size="sm">and {plural(data.length - shown, 'more', 'more')}</Text>}
          </Stack>
        )}
      </Asked>
    </Card>
  )
}

import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Card, Group, Stack, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../api/session'
import { day, plural } from '../../ui/format'
import { StateBadge } from '../../ui/StateBadge'
import { Asked, Empty, Heading } from '../../ui/States'
import { To } from '../../ui/To'
import { Budget } from './Budget'
import { BudgetBar, spoken } from './BudgetBar'
import { BudgetForm } from './BudgetForm'
import { useBudgets } from './budgets'

/** Budgets lists what months may cost, and how each stands in this one. The address holds which is open. */
export default function Budgets() {
  const { budget: open } = useSearch({ from: '/shell/budgets' })
  const navigate = useNavigate({ from: '/budgets' })
  const maySchedule = useMay('schedule')
  const [isAdding, setIsAdding] = useState(false)
  const budgets = useBudgets()
  const close = () => void navigate({ search: {} })
  return (
    <Stack gap="md">
      <Heading title="Budgets">{maySchedule && <Button onClick={() => setIsAdding(true)}>Add a budget</Button>}</Heading>
      <Text size="sm">At list prices of what scans saw, by UTC. A scan that failed makes no budget look better: what it could not read counts as it was last seen.</Text>
      <Asked query={budgets} what="the budgets" height={320}>
        {(data) => (
          <>
            {data.length === 0 && <Empty title="There is no budget yet">{maySchedule ? 'A budget says what a month may cost, of everything or of what a filter selects.' : 'Somebody with the role operator can add one.'}</Empty>}
            {data.map((one) => <Line key={one.budget_id} budget={one} />)}
            {open && <Budget budget={data.find((one) => one.budget_id === open)} onClose={close} />}
          </>
        )}
      </Asked>
      {isAdding && <BudgetForm onClose={() => setIsAdding(false)} />}
    </Stack>
  )
}

/** Line is one budget: spent of its limit, forecast, and what was crossed. */
function Line({ budget }: { budget: Schemas['BudgetItem'] }) {
  const { standing, crossed } = budget
  return (
    <Card withBorder padding="md" component="section" aria-label={budget.name}>
      <Group justify="space-between" gap="xs" mb={6}>
        <Text fw={600} component="div"><To to="/budgets" search={{ budget: budget.budget_id }}>{budget.name}</To></Text>
        <StateBadge state={standing.state} />
      </Group>
      <BudgetBar budget={budget} />
      <Text size="sm" mt={6}>{standing.state === 'unknown' ? 'Not known: it was not reckoned yet, or no scan has seen anything. It takes a minute.' : `${spoken(budget)}. Day ${standing.day} of ${standing.days}.`}</Text>
      {standing.exceeds_on && <Text size="sm" fw={600}>Costs more than that {Date.parse(standing.exceeds_on) < Date.now() ? 'since' : 'on'} {day(standing.exceeds_on)}.</Text>}
      {crossed.length > 0 && <Text size="sm">Crossed: {crossed.map((one) => `${one.percent} % of ${one.of}`).join(', ')}.</Text>}
      {standing.unpriced > 0 && <Text size="sm">Without {plural(standing.unpriced, 'resource')} of unknown cost.</Text>}
      <Text size="sm">Of {budget.filter ? <code>{budget.filter}</code> : 'everything'}</Text>
    </Card>
  )
}

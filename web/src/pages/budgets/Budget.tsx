import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useMay } from '../../api/session'
import { day, moment, money, plural, since } from '../../ui/format'
import { Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { BudgetBar, spoken } from './BudgetBar'
import { BudgetForm } from './BudgetForm'
import { DeleteBudget } from './DeleteBudget'
import { MonthDays } from './MonthDays'

/** Budget is one budget with its days, its crossings, and what its figures stand on. */
export function Budget({ budget, onClose }: { budget?: Schemas['BudgetItem']; onClose: () => void }) {
  const maySchedule = useMay('schedule')
  const [verb, setVerb] = useState<'change' | 'delete'>()
  return (
    <Drawer opened onClose={onClose} position="right" size="lg" title={budget?.name ?? 'A budget'}>
      {!budget ? <Empty title="There is no such budget">It may have been deleted.</Empty> : (
        <Stack gap="md">
          {maySchedule && (
            <Group gap="xs">
              <Button variant="default" onClick={() => setVerb('change')}>Change</Button>
              <Button variant="default" onClick={() => setVerb('delete')}>Delete</Button>
            </Group>
          )}
          <BudgetBar budget={budget} />
          {budget.standing.state !== 'unknown' && <Text size="sm">{spoken(budget)}.</Text>}
          <Facts budget={budget} />
          <MonthDays budget={budget} />
          <div>
            <Title order={2} size="h5" mb={4}>Thresholds</Title>
            <Table verticalSpacing={2}>
              <thead><tr><th>Of the amount</th><th>Crossed</th><th>Webhooks told</th></tr></thead>
              <tbody>
                {budget.thresholds.map((one) => {
                  const crossing = budget.crossed.find((other) => other.of === one.of && other.percent === one.percent)
                  return (
                    <tr key={`${one.of}/${one.percent}`}>
                      <td>{one.percent} % of {one.of}</td>
                      <td>{crossing ? moment(crossing.at) : 'not this month'}</td>
                      <td>{!crossing ? '' : crossing.told_at ? moment(crossing.told_at) : 'not yet'}</td>
                    </tr>
                  )
                })}
              </tbody>
            </Table>
          </div>
          <Text size="xs">Made {moment(budget.created_at)}, changed {since(budget.changed_at)} by {budget.changed_by}.</Text>
          {verb === 'change' && <BudgetForm budget={budget} onClose={() => setVerb(undefined)} />}
          {verb === 'delete' && <DeleteBudget budget={budget} onClose={() => setVerb(undefined)} onDeleted={onClose} />}
        </Stack>
      )}
    </Drawer>
  )
}

/** Facts are the figures of a budget, and of what they are made. */
function Facts({ budget }: { budget: Schemas['BudgetItem'] }) {
  const { standing, filter } = budget
  const isKnown = standing.state !== 'unknown'
  const facts: [name: string, is: ReactNode][] = [
    ['Of', filter ? <code>{filter}</code> : 'everything'],
    ['Costs a month, now', isKnown ? <To to="/inventory" size="sm" search={{ filter, sort: '-cost', account: undefined }}>{money(standing.monthly_cost)}, {plural(standing.resources, 'resource')}</To> : 'not known'],
    ['Of unknown cost', standing.unpriced > 0 ? <To to="/inventory" size="sm" search={{ filter: filter ? `(${filter}) cost:unknown` : 'cost:unknown', account: undefined }}>{plural(standing.unpriced, 'resource')}</To> : 'none'],
    ['Forecast', !isKnown || standing.method === 'none' ? 'there is none yet' : `${money(standing.forecast)}, ${money(standing.low)} to ${money(standing.high)} in 8 of 10 months`],
    ['Exceeds its amount', standing.exceeds_on ? day(standing.exceeds_on) : isKnown ? 'not this month' : 'not known'],
    ['Days', `${standing.day} of ${standing.days} of ${standing.month}; ${standing.assumed_days} before the first look, ${standing.carried_days} without a look`],
    ['Cells', `${standing.cells}, of these ${standing.cells_stale} as last seen and ${standing.cells_never_seen} never seen`],
    ['Reckoned', since(standing.reckoned_at)],
  ]
  return (
    <Table withRowBorders={false} verticalSpacing={2}>
      <tbody>{facts.map(([name, is]) => <tr key={name}><th scope="row" style={{ width: 140 }}>{name}</th><td>{is}</td></tr>)}</tbody>
    </Table>
  )
}

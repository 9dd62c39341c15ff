import type { Plan } from '@consolesensei/resource-tracker'
import { Alert, Text } from '@mantine/core'
import { plural } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { To } from '../../ui/To'

const notDone = ['failed', 'blocked', 'verify_timeout', 'reappeared']

/** Why says why a plan is held, was cancelled or failed, and what can be done about it. */
export function Why({ plan }: { plan: Plan }) {
  if (!plan.reason && plan.state !== 'held') return null
  const states = notDone.filter((state) => (plan.totals.by_state[state] ?? 0) > 0)
  const waiting = (plan.totals.by_state['waiting'] ?? 0) + (plan.totals.by_state['ready'] ?? 0)
  return (
    <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={plan.state === 'held' ? 'The plan is held' : `Why it is ${plan.state}`}>
      {plan.reason && <Text size="sm">{plan.reason}</Text>}
      {plan.state === 'held' && (
        <Text size="sm">
          More than {plan.request.max_failure_percent || 10} % of the items that have ended failed, so {plural(waiting, 'item')} wait and nothing more is sent. Look at what
          failed, and then go on or cancel the plan: what was not begun is not run then.
        </Text>
      )}
      {states.map((state) => <Text size="sm" key={state}><To to="/plans/$id" params={{ id: plan.plan_id }} search={{ items: state }}>{plural(plan.totals.by_state[state] ?? 0, 'item')} {state.replaceAll('_', ' ')}</To></Text>)}
    </Alert>
  )
}

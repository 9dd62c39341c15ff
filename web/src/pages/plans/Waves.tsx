import type { Plan } from '@consolesensei/resource-tracker'
import { Group, Progress, Text, VisuallyHidden } from '@mantine/core'
import { count, words } from '../../ui/format'
import { To } from '../../ui/To'

const colours: Record<string, string> = {
  verified: 'teal.8', refused: 'red.8', failed: 'red.8', blocked: 'orange.8', verify_timeout: 'orange.8', reappeared: 'orange.8', running: 'indigo.6', ready: 'indigo.4',
}

/** Waves is how many items of a plan are in which state, as they change. Each number leads to its items. */
export function Waves({ plan, only }: { plan: Plan; only?: string }) {
  const states = Object.entries(plan.totals.by_state).filter(([, number]) => number > 0)
  const label = (state: string, number: number) => `${count(number)} ${words(state)}`
  return (
    <div>
      <Progress.Root size="lg" aria-hidden="true">
        {states.map(([state, number]) => <Progress.Section key={state} value={(100 * number) / Math.max(1, plan.totals.items)} color={colours[state] ?? 'gray.5'} withAria={false} />)}
      </Progress.Root>
      <VisuallyHidden aria-live="polite">{states.map(([state, number]) => label(state, number)).join(', ')}</VisuallyHidden>
      <Group gap="md" mt={4}>
        {states.map(([state, number]) => (
          <To key={state} to="/plans/$id" params={{ id: plan.plan_id }} search={(now) => ({ ...now, items: only === state ? undefined : state })} size="sm" aria-current={only === state}>{label(state, number)}</To>
        ))}
        {only && <Text size="sm">Only those that are {words(only)} are shown. <To to="/plans/$id" params={{ id: plan.plan_id }} search={(now) => ({ ...now, items: undefined })} size="sm">Show all</To></Text>}
      </Group>
    </div>
  )
}

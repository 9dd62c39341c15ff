import type { Plan } from '@consolesensei/resource-tracker'
import { Group, Progress, Text } from '@mantine/core'
import { count, words } from '../../ui/format'

const colours: Record<string, string> = {
  verified: 'teal.8', refused: 'red.8', failed: 'red.8', blocked: 'orange.8', verify_timeout: 'orange.8', reappeared: 'orange.8', running: 'indigo.6', ready: 'indigo.4',
}

/** Waves is how many items of a plan are in which state, as they change. */
export function Waves({ plan }: { plan: Plan }) {
  const states = Object.entries(plan.totals.by_state).filter(([, number]) => number > 0)
  const label = states.map(([state, number]) => `${count(number)} ${words(state)}`).join(', ')
  return (
    <div>
      <Progress.Root size="lg" aria-hidden="true">
        {states.map(([state, number]) => <Progress.Section key={state} value={(100 * number) / Math.max(1, plan.totals.items)} color={colours[state] ?? 'gray.5'} withAria={false} />)}
      </Progress.Root>
      <Group gap="xs"><Text size="sm" aria-live="polite">{label}</Text></Group>
    </div>
  )
}

import { Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { words } from '../../ui/format'
import { To } from '../../ui/To'

/** Instead names the plan that this one was made in place of, and how that stands. */
export function Instead({ planId }: { planId: string }) {
  const old = useQuery({ queryKey: ['plan', planId, 'state'], queryFn: ({ signal }) => tracker.plans.get(planId, { signal }) })
  const state = old.data?.plan.state
  return (
    <Text size="sm">
      Made in place of <To to="/plans/$id" params={{ id: planId }}>a larger plan</To>{state && `, which is ${words(state)}`}{state && state !== 'cancelled' && ': cancel it there'}
    </Text>
  )
}

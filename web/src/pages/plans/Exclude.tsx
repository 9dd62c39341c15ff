import type { Plan, PlanItem, PlanRequest } from '@consolesensei/resource-tracker'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useAccountName } from '../../api/account'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { money, plural } from '../../ui/format'
import { Failed } from '../../ui/States'

interface ExcludeProps { plan: Plan; items: PlanItem[]; excluded: Set<number>; onClear: () => void }

/** Exclude makes a plan of the items that are left, and cancels this one: a plan is frozen, and never edited. */
export function Exclude({ plan, items, excluded, onClear }: ExcludeProps) {
  const navigate = useNavigate()
  const account = useAccountName()(items[0]?.account_id)
  const left = items.filter((item) => excluded.has(item.index))
  const orphans = items.filter((item) => !excluded.has(item.index) && item.depends_on?.some((index) => excluded.has(index)))
  const without = useMutation({
    mutationFn: async () => {
      const all = await tracker.plans.items(plan.plan_id, { limit: 1000 }).all()
      const actions = all.filter((item) => !excluded.has(item.index)).map(actionOf)
      const { max_items, max_share_percent, max_failure_percent, canary } = plan.request
      const made = await tracker.plans.create({
        actions, ...(account && { account }), ...(max_items && { max_items }), ...(max_share_percent && { max_share_percent }),
        ...(max_failure_percent && { max_failure_percent }), ...(canary !== undefined && { canary }),
      })
      // The new plan is there by now, whatever becomes of the old one: its page says how that stands.
      await tracker.plans.cancel(plan.plan_id).catch(() => undefined)
      return made.plan.plan_id
    },
    onSuccess: (id) => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      void queries.invalidateQueries({ queryKey: ['plan', plan.plan_id] })
      onClear()
      void navigate({ to: '/plans/$id', params: { id }, search: { instead: plan.plan_id } })
    },
  })
  if (excluded.size === 0) return null
  return (
    <Group className="selection" justify="space-between">
      <Stack gap={4}>
        <Text size="sm" fw={600}>{plural(excluded.size, 'item')} left out, {money(left.reduce((sum, item) => sum + (item.ledger.item_state === 'planned' ? item.monthly_saving ?? 0 : 0), 0))} a month less</Text>
        {orphans.length > 0 && <Text size="sm">{plural(orphans.length, 'item')} should come after what is left out. The new look says whether they can go without.</Text>}
        {without.isError && <Failed error={without.error} />}
      </Stack>
      <Group gap="xs">
        <Button variant="default" onClick={onClear}>Keep all</Button>
        <Button onClick={() => without.mutate()} loading={without.isPending} disabled={excluded.size >= plan.totals.items}>Plan without them</Button>
      </Group>
    </Group>
  )
}

type Action = NonNullable<PlanRequest['actions']>[number]

const actionOf = (item: PlanItem): Action => ({
  resource_id: item.resource_id, resource_type: item.resource_type, region: item.region, action: item.action,
  ...(item.account_id && { account_id: item.account_id }), ...(item.params && { params: item.params as Action['params'] }), ...(item.lift && { lift: item.lift }),
})

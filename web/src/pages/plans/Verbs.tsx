import type { Plan, PlanItem } from '@consolesensei/resource-tracker'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useAccountName } from '../../api/account'
import { queries } from '../../api/queries'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'
import { Apply } from './Apply'

/** Verbs is what can be done with a plan as it stands, by whoever is signed in. */
export function Verbs({ plan, items, phrase, onDone }: { plan: Plan; items: PlanItem[]; phrase?: string; onDone: () => void }) {
  const mayPlan = useMay('plan')
  const navigate = useNavigate()
  const [isApplying, setIsApplying] = useState(false)
  const account = useAccountName()(items[0]?.account_id)
  const run = useMutation({
    mutationFn: (verb: () => Promise<unknown>) => verb(),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      onDone()
    },
  })
  const undo = useMutation({
    mutationFn: () => tracker.plans.undo(plan.plan_id, { ...(account && { account }) }),
    onSuccess: (answer) => {
      void queries.invalidateQueries({ queryKey: ['plan', plan.plan_id] })
      void navigate({ to: '/plans/$id', params: { id: answer.plan.plan_id } })
    },
  })
  const waitsForApproval = plan.approval.required && !plan.approval.by
  const canBeUndone = ['succeeded', 'partial', 'failed', 'cancelled'].includes(plan.state) && !plan.undone_by && (plan.totals.by_state['verified'] ?? 0) > 0 &&
    // Of a plan that is not shown whole, the server says whether there is anything to undo.
    (items.length < plan.totals.items || items.some((item) => item.ledger.inverse))
  const button = (label: string, verb: () => Promise<unknown>) => <Button variant="default" onClick={() => run.mutate(verb)} loading={run.isPending}>{label}</Button>
  return (
    <>
      {run.isError && <Failed error={run.error} />}
      {undo.isError && <Failed error={undo.error} />}
      {mayPlan && plan.state === 'held' && button('Go on', () => tracker.plans.resume(plan.plan_id, { ...(account && { account }) }))}
      {mayPlan && ['planning', 'planned', 'scheduled', 'applying', 'held'].includes(plan.state) && button('Cancel the plan', () => tracker.plans.cancel(plan.plan_id))}
      {mayPlan && canBeUndone && <Button variant="default" onClick={() => undo.mutate()} loading={undo.isPending}>Undo</Button>}
      {mayPlan && plan.state === 'planned' && !waitsForApproval && phrase && <Button color="red.9" onClick={() => setIsApplying(true)}>Apply</Button>}
      {isApplying && phrase && (
        <Apply plan={plan} phrase={phrase} account={account} onClose={() => setIsApplying(false)} onApplied={() => { setIsApplying(false); onDone() }} />
      )}
    </>
  )
}

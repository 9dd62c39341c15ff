import type { Plan } from '@consolesensei/resource-tracker'
import { Alert, Button, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useMay, useWho } from '../../api/session'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { moment } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Failed } from '../../ui/States'

/** Approval says whether a second person has agreed to a plan, who can, and lets them. */
export function Approval({ plan, onDone }: { plan: Plan; onDone: () => void }) {
  const who = useWho()
  const mayApprove = useMay('approve')
  const approve = useMutation({
    mutationFn: () => tracker.plans.approve(plan),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      onDone()
    },
  })
  if (!plan.approval.required) return null
  if (plan.approval.by) return <Text size="sm">Approved by {plan.approval.by}, {moment(plan.approval.at)}. It was made by {plan.author}.</Text>
  if (plan.state !== 'planned') return null
  const isAuthor = who?.who === plan.author
  return (
    <Alert color="indigo" variant="outline" icon={<Icon name="access" />} title="It waits for a second person">
      <Stack gap="xs" align="flex-start">
        <Text size="sm">Nothing is carried out before somebody with the role approver or admin agrees. {plan.author} made it and cannot approve it, with whatever key.</Text>
        {isAuthor && <Text size="sm" fw={600}>You made it: send the address of this page to somebody who can approve it.</Text>}
        {!isAuthor && !mayApprove && <Text size="sm">Your roles do not allow you to approve.</Text>}
        {!isAuthor && mayApprove && <Text size="sm">You agree to exactly what is shown here: look at each item first. You approve as {who?.who}.</Text>}
        {approve.isError && <Failed error={approve.error} />}
        {!isAuthor && mayApprove && <Button onClick={() => approve.mutate()} loading={approve.isPending}>Approve</Button>}
      </Stack>
    </Alert>
  )
}

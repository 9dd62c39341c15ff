import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Button, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useAccountName } from '../../api/account'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { count } from '../../ui/format'
import { Failed } from '../../ui/States'

/** atOnce is how many findings the API takes into one plan. */
const atOnce = 1000

/** MakePlan makes a plan of the repairs of findings. It looks at each resource and changes nothing. */
export function MakePlan({ findings }: { findings: LiveFinding[] }) {
  const navigate = useNavigate()
  const nameOf = useAccountName()
  const accounts = new Set(findings.map((finding) => finding.account_id))
  const make = useMutation({
    mutationFn: () => {
      const account = nameOf(findings[0]?.account_id)
      return tracker.liveFindings.plan({ finding_ids: findings.map((finding) => finding.finding_id), ...(account && { account }) })
    },
    onSuccess: ({ plan }) => {
      void queries.invalidateQueries({ queryKey: ['plans'] })
      void navigate({ to: '/plans/$id', params: { id: plan.plan_id } })
    },
  })
  if (accounts.size > 1) return <Text size="sm">A plan is of one account: select findings of one.</Text>
  if (findings.length > atOnce) return <Text size="sm">A plan is of {count(atOnce)} findings at most.</Text>
  return (
    <>
      {make.isError && <Failed error={make.error} />}
      <Button onClick={() => make.mutate()} loading={make.isPending}>Make a plan</Button>
    </>
  )
}

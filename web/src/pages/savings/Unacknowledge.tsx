import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { words } from '../../ui/format'
import { Failed } from '../../ui/States'

/** Unacknowledge takes back that a finding stays as it is: it is open, and in the sum, again. */
export function Unacknowledge({ finding }: { finding: LiveFinding }) {
  const open = useMutation({
    mutationFn: () => tracker.liveFindings.unacknowledge(finding.finding_id),
    onSuccess: () => void queries.invalidateQueries({ queryKey: ['findings'] }),
  })
  return (
    <>
      {open.isError && <Failed error={open.error} />}
      <Button size="compact-sm" variant="default" onClick={() => open.mutate()} loading={open.isPending} aria-label={`Open again ${words(finding.rule)} of ${finding.resource_name ?? finding.resource_id}`}>Open again</Button>
    </>
  )
}

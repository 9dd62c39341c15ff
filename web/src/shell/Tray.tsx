import { Button, Progress, Stack, Text } from '@mantine/core'
import { hasEnded, isMoving } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { nameOf } from '../pages/plans/name'
import { tracker } from '../api/tracker'
import { plural, words } from '../ui/format'
import { To } from '../ui/To'
import { Floating } from './Floating'

/** Tray shows on every page which scans and plans run, and how far they are. */
export function Tray() {
  const running = useQuery({
    queryKey: ['tray'],
    queryFn: async () => {
      const [jobs, plans] = await Promise.all([tracker.jobs.list({ limit: 20 }).first(), tracker.plans.list({ limit: 20 }).first()])
      return {
        jobs: jobs.jobs.filter((job) => !hasEnded(job.state)),
        plans: plans.plans.filter((plan) => plan.state === 'planning' || plan.state === 'applying'),
      }
    },
    refetchInterval: (query) => (query.state.data && query.state.data.jobs.length + query.state.data.plans.length > 0 ? 2_000 : 10_000),
  })
  const jobs = running.data?.jobs ?? []
  const plans = running.data?.plans.filter((plan) => isMoving(plan.state)) ?? []
  const total = jobs.length + plans.length
  return (
    <Floating name="What runs" of={(popover) => <Button {...popover} variant="default" size="sm" aria-live="polite">{total === 0 ? 'Idle' : `${total} running`}</Button>}>
      <Stack gap="sm">
        {total === 0 && <Text size="sm">{running.isError ? 'It is not known what runs: the server does not answer.' : 'No scan and no plan runs.'}</Text>}
        {jobs.map((job) => (
          <div key={job.job_id}>
            <To to="/scans/$id" params={{ id: job.job_id }} size="sm">{job.kind === 'scan' ? 'Scan' : 'Access check'}, {words(job.state)}</To>
            <Progress value={job.progress.percent} aria-label={`${job.progress.percent} % of the cells`} mt={4} />
          </div>
        ))}
        {plans.map((plan) => (
          <div key={plan.plan_id}>
            <To to="/plans/$id" params={{ id: plan.plan_id }} size="sm">{nameOf(plan)}</To>
            <Text size="sm">{words(plan.state)}, {plural(plan.totals.items, 'item')}</Text>
          </div>
        ))}
      </Stack>
    </Floating>
  )
}

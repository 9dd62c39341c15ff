import { Alert, Anchor, SimpleGrid, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { count, moment, plural } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Asked, Heading } from '../../ui/States'
import { Calls } from './Calls'
import { fetchMetrics, hasMonitoring, type Metrics, only, sum } from './metrics'
import { Parts } from './Parts'
import { Queues } from './Queues'
import { Sign } from './Sign'

/** Operations is how the service itself is: its parts, queues, workers, Redis and calls to AWS, each with what it means when it is bad. */
export default function Operations() {
  const mayInstance = useMay('instance')
  return (
    <Stack gap="md">
      <Heading title="Operations" />
      <Parts />
      {mayInstance ? <Service /> : (
        <Alert variant="outline" color="gray" icon={<Icon name="operations" />} title="The rest is for admins of the service">
          <Text size="sm">Queues, workers, calls to AWS and Redis are of all tenants. They need the permission instance: the role admin in the tenant default.</Text>
        </Alert>
      )}
    </Stack>
  )
}

function Service() {
  const metrics = useQuery({ queryKey: ['metrics'], queryFn: ({ signal }) => fetchMetrics(signal), refetchInterval: 10_000, retry: 1 })
  const monitoring = useQuery({ queryKey: ['monitoring'], queryFn: ({ signal }) => hasMonitoring(signal), staleTime: Infinity, retry: false })
  const version = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => tracker.health({ signal }), staleTime: 60_000 })
  return (
    <>
      <Asked query={metrics} what="how the service is" height={420}>
        {(now) => (
          <>
            <Text size="sm" role="status">As of {moment(now.at)}, every ten seconds anew{version.data && `; version ${version.data.version}`}.</Text>
            <Signs now={now} />
            <Queues now={now} />
            <Calls now={now} />
          </>
        )}
      </Asked>
      <Text size="sm">
        {monitoring.data ? <>Single tasks are at <Anchor href="/monitoring/" underline="always">the page of the queues</Anchor>.</> : 'The page of single tasks is off: MONITORING_ENABLED turns it on.'}
      </Text>
    </>
  )
}

const megabytes = (bytes: number) => `${count(Math.round(bytes / 1_048_576))} MB`
const ago = (seconds: number) => (seconds < 60 ? plural(Math.round(seconds), 'second') : plural(Math.round(seconds / 60), 'minute'))

/** Signs are the figures that tell first when something is wrong. What the server does not tell is said to be not known. */
function Signs({ now }: { now: Metrics }) {
  const told = only(now, 'queue_up') === 1
  const workers = only(now, 'workers')
  const latency = now.of('queue_latency_seconds').reduce((most, one) => Math.max(most, one.value), 0)
  const archived = sum(now.of('queue_tasks', { state: 'archived' }))
  const redis = only(now, 'redis_memory_used_bytes')
  const errors = now.of('redis_errors_total')
  const lag = only(now, 'schedule_lag_seconds')
  const oldest = only(now, 'open_job_age_seconds')
  const waiting = only(now, 'history_waiting_scans')
  const lost = now.of('units_redispatched_total')
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
      <Sign name="Workers" value={workers === undefined ? undefined : count(workers)} bad={workers === 0} meaning="None: what is submitted waits until one is started." />
      <Sign name="Waits longest in a queue" value={told ? ago(latency) : undefined} bad={latency > 60} meaning="Above a minute: there is more to do than the workers do. Start more of them." />
      <Sign name="Tasks given up" value={told ? count(archived) : undefined} bad={archived > 0} meaning="They failed too often and nobody tries them again. Their jobs say what was not seen." />
      <Sign name="Jobs and plans under way" value={`${count(sum(now.of('open_jobs')))} and ${count(sum(now.of('open_plans')))}`} meaning={oldest === undefined ? '' : `The oldest job is ${ago(oldest)} old.`} />
      <Sign name="Schedules are late by" value={lag === undefined ? undefined : ago(lag)} bad={lag !== undefined && lag > 120} meaning="Above two minutes: no server looks at the schedules, or Redis refuses writes." />
      <Sign name="Scans not in the history yet" value={waiting === undefined ? undefined : count(waiting)} bad={waiting !== undefined && waiting > 10} meaning="More than a few: figures of the inventory lag behind the scans." />
      <Sign name="Memory of Redis" value={redis === undefined ? undefined : megabytes(redis)} meaning="Redis must not drop keys: at its maxmemory it has to refuse writes, and the server is not ready." />
      <Sign name="Errors of Redis" value={count(sum(errors))} meaning="Since this process began. A number that grows means that Redis does not answer or refuses." />
      <Sign name="Work that was lost and queued again" value={count(sum(lost))} meaning="Since this process began. A worker died with it; nothing is missing." />
    </SimpleGrid>
  )
}

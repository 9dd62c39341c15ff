import { Alert, Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { moment } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Asked, Heading } from '../../ui/States'
import { Calls } from './Calls'
import { Limits } from './Limits'
import { Parts } from './Parts'
import { Queues } from './Queues'
import { Redis } from './Redis'
import { Signs } from './Signs'
import { Workers } from './Workers'

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

/** Service is what only admins of the service see. */
function Service() {
  const operations = useQuery({ queryKey: ['operations'], queryFn: ({ signal }) => tracker.operations({ signal }), refetchInterval: 10_000, retry: 1 })
  const monitoring = useQuery({ queryKey: ['monitoring'], queryFn: ({ signal }) => hasMonitoring(signal), staleTime: Infinity, retry: false })
  const version = useQuery({ queryKey: ['health'], queryFn: ({ signal }) => tracker.health({ signal }), staleTime: 60_000 })
  return (
    <>
      <Asked query={operations} what="how the service is" height={420}>
        {(now) => (
          <>
            <Text size="sm" role="status">As of {moment(now.at)}, every ten seconds anew{version.data && `; version ${version.data.version}`}.</Text>
            <Signs now={now} />
            <Queues queues={now.queues} />
            <Workers workers={now.workers} />
            <Redis redis={now.redis} />
            <Calls calls={now.calls} at={now.at} />
            <Limits calls={now.calls} />
          </>
        )}
      </Asked>
      <Text size="sm">
        {monitoring.data ? <>Single tasks are at <Anchor href="/monitoring/" underline="always">the page of the queues</Anchor>.</> : 'The page of single tasks is off: MONITORING_ENABLED turns it on.'}
      </Text>
    </>
  )
}

// Whether the page of the queues is on.
async function hasMonitoring(signal: AbortSignal): Promise<boolean> {
  return (await fetch('/monitoring/', { method: 'HEAD', signal, credentials: 'same-origin' })).ok
}

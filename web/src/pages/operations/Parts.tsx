import type { Schemas } from '@consolesensei/resource-tracker'
import { Badge, Group, Paper, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { moment, words } from '../../ui/format'
import { Asked } from '../../ui/States'

const meanings: Record<string, string> = {
  redis: 'does not answer, or takes no write: nothing can be started',
  history: 'cannot be read: the inventory, costs and findings are not there',
  workers: 'none is alive: what is submitted waits',
}

/** Parts says of each part that the server needs whether it answers. */
export function Parts() {
  const ready = useQuery({ queryKey: ['ready'], queryFn: async ({ signal }) => ({ ...await readiness(signal), at: new Date().toISOString() }), refetchInterval: 10_000, retry: 1 })
  return (
    <Asked query={ready} what="the parts" height={80}>
      {({ status, checks, at }) => (
        <Paper withBorder p="md">
          <Text fw={600}>The server is {status}</Text>
          <Text size="xs">As of {moment(at)}</Text>
          <Group gap="xs" mt="xs">
            {Object.entries(checks as Record<string, string>).map(([part, state]) => <Badge key={part} color={state === 'ok' ? 'teal.9' : 'red.9'}>{words(part)}: {state}</Badge>)}
          </Group>
          {Object.entries(checks as Record<string, string>).filter(([, state]) => state !== 'ok').map(([part]) => <Text size="sm" key={part}>{words(part)} {meanings[part] ?? 'does not work: the log of the server says why'}</Text>)}
        </Paper>
      )}
    </Asked>
  )
}

// A server that is not ready says with 503 which part it is.
async function readiness(signal: AbortSignal): Promise<Schemas['Readiness']> {
  const answer = await fetch('/ready', { signal })
  if (answer.ok || answer.status === 503) return await answer.json() as Schemas['Readiness']
  throw new Error(`The server answered ${answer.status} when it was asked whether it is ready.`)
}

import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, Badge, Group, List, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { count, moment } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Empty } from '../../ui/States'
import { ago, bytes, isMaster, known } from './figures'

type Node = Schemas['RedisNode']

/** Redis is each node that keeps tasks and results: what is wrong with it and what to do, and what it tells of itself. */
export function Redis({ redis }: { redis: Schemas['RedisSeen'] }) {
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">Redis</Title>
      {redis.at === null ? <Empty title="Nothing is known of Redis">Its nodes did not answer when they were asked.</Empty> : redis.nodes.map((node, i) => <One key={node.address ?? i} node={node} kind={redis.kind} />)}
      <Text size="xs">Not known is what Redis does not tell: a service that others run may refuse it. Its console says it then.</Text>
    </Stack>
  )
}

/** One is a node of Redis. */
function One({ node, kind }: { node: Node; kind: string }) {
  const faults = faultsOf(node)
  const told: [string, string][] = [
    ['Memory', `${bytes(node.used_memory_bytes)}${node.max_memory_bytes === null ? '; its bound is not known' : node.max_memory_bytes === 0 ? ', without a bound' : ` of ${bytes(node.max_memory_bytes)}`}`],
    ['When it is full', node.memory_policy === null ? 'not known' : node.drops_keys ? `drops keys (${node.memory_policy})` : `refuses writes (${node.memory_policy})`],
    ['Evicted keys', known(node.evicted_keys)],
    ['Clients', node.max_clients === null ? known(node.connected_clients) : `${known(node.connected_clients)} of ${count(node.max_clients)}`],
    ['Rejected connections', known(node.rejected_connections)],
    ['Append-only file', node.append_only === null ? 'not known' : node.append_only ? `on, last write ${node.append_status ?? 'not known'}` : 'off'],
    ['Last copy', node.saved_at === null ? 'not known' : `${moment(node.saved_at)}, ${node.save_status ?? 'not known'}`],
    ['Replicas', node.replicas.length > 0 ? node.replicas.map((one) => `${one.address} ${one.state}${one.lag_seconds === null ? '' : `, ${one.lag_seconds} s behind`}`).join('; ') : known(node.connected_replicas)],
    ['Runs for', node.uptime_seconds === null ? 'not known' : ago(node.uptime_seconds)],
  ]
  return (
    <Paper withBorder p="md">
      <Group gap="xs">
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>{node.address ?? (kind === 'sentinel' ? 'The one that sentinels name' : 'Redis')}</Text>
        <Badge color={node.answers ? 'teal.9' : 'red.9'}>{node.answers ? 'answers' : 'does not answer'}</Badge>
        <Text size="sm">{node.role ?? 'role not known'}, {kind}, {node.version === null ? 'version not known' : `version ${node.version}`}</Text>
      </Group>
      {faults.length > 0 && (
        <Alert variant="outline" color="red" icon={<Icon name="alert" />} title="What is wrong, and what to do" mt="xs">
          <List size="sm">{faults.map((fault) => <List.Item key={fault}>{fault}</List.Item>)}</List>
        </Alert>
      )}
      <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs" mt="xs">
        {told.map(([name, value]) => <Text size="sm" key={name} style={{ overflowWrap: 'anywhere' }}><Text span fw={600} size="sm">{name}</Text> {value}</Text>)}
      </SimpleGrid>
    </Paper>
  )
}

/** faultsOf says in words what is wrong with a node. What is not known is no fault. */
function faultsOf(node: Node): string[] {
  if (!node.answers) return ['It does not answer: what is kept on it cannot be read or written. Start it, or look at the network between.']
  const faults: [boolean, string][] = [
    [node.drops_keys === true, 'It drops keys when it is full: tasks and results are lost without a word. Set maxmemory-policy noeviction.'],
    [(node.evicted_keys ?? 0) > 0, 'It has dropped keys since it began: jobs may lack results. Set maxmemory-policy noeviction, and scan again.'],
    [isMaster(node) && node.max_memory_bytes === 0, 'It has no maxmemory: it grows until the machine ends it. Set maxmemory to less than the machine has.'],
    [node.append_only === false && isMaster(node), 'It writes no append-only file: what was submitted since its last copy is lost when it ends. Set appendonly yes, unless all of it may be lost.'],
    [node.append_status === 'err', 'The last write of its append-only file failed: it refuses writes. Look at its disk.'],
    [node.rewrite_status === 'err', 'The last rewrite of its append-only file failed: the file grows. Look at its disk and its memory.'],
    [node.save_status === 'err', 'Its last copy failed: it may refuse writes. Look at its disk and its memory.'],
    [(node.rejected_connections ?? 0) > 0, 'It has turned clients away since it began. Raise maxclients, or look who holds connections.'],
    [node.master_link === 'down', 'It has lost its master: it would take over with what it had then. Look at the network between them.'],
    [node.replicas.some((one) => one.state !== 'online'), 'A replica does not follow yet. When it stays so, look at its log.'],
  ]
  return faults.filter(([bad]) => bad).map(([, text]) => text)
}

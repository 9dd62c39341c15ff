import type { Schemas } from '@consolesensei/resource-tracker'
import { SimpleGrid } from '@mantine/core'
import { count, plural } from '../../ui/format'
import { ago, bytes, isMaster } from './figures'
import { Sign } from './Sign'

/** Signs are the figures that tell first when something is wrong. What the server does not know is said to be not known. */
export function Signs({ now }: { now: Schemas['Operations'] }) {
  const { queues, open, redis, calls, lost_units: lost } = now
  const all = queues?.queues
  const latency = all?.reduce((most, one) => Math.max(most, one.latency_seconds), 0)
  const archived = all?.reduce((sum, one) => sum + one.archived, 0)
  const paused = all?.filter((one) => one.paused).length ?? 0
  const jobs = open?.jobs.reduce((sum, one) => sum + one.jobs, 0)
  const oldest = open?.jobs.reduce((most, one) => Math.max(most, one.oldest_seconds), 0) ?? 0
  const throttled = calls?.services.reduce((sum, one) => sum + one.last_hour.throttled, 0)
  const sent = calls?.services.reduce((sum, one) => sum + one.last_hour.calls, 0) ?? 0
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
      <Sign name="Workers" value={open && count(open.workers)} bad={open?.workers === 0} meaning="None: what is submitted waits. Start one, and look at its log when it does not stay." />
      <Sign name="Waits longest in a queue" value={latency === undefined ? undefined : ago(latency)} bad={(latency ?? 0) > 60 || paused > 0}
        meaning={paused > 0 ? `${plural(paused, 'queue')} paused: nobody takes tasks of it until it is resumed.` : 'Above a minute: there is more to do than the workers do. Start more of them.'} />
      <Sign name="Tasks given up" value={archived === undefined ? undefined : count(archived)} bad={(archived ?? 0) > 0}
        meaning="They failed too often and nobody tries them again. Their jobs say what was not seen: retry these." />
      <Sign name="Jobs and plans under way" value={open && `${count(jobs ?? 0)} and ${count(open.plans)}`} meaning={oldest > 0 ? `The oldest job is ${ago(oldest)} old.` : 'No job waits or runs.'} />
      <Sign name="Schedules are late by" value={open && ago(open.schedule_lag_seconds)} bad={(open?.schedule_lag_seconds ?? 0) > 120}
        meaning="Above two minutes: no worker looks at the schedules, or Redis refuses writes. Look at both." />
      <Sign name="Scans not in the history yet" value={open && count(open.history_waiting_scans)} bad={(open?.history_waiting_scans ?? 0) > 10}
        meaning="More than a few: figures of the inventory lag behind the scans. The log of the workers says what the database refuses." />
      <Memory nodes={redis.nodes} />
      <Sign name="Errors of Redis" value={count(redis.errors)} meaning="Of this process of the API since it began. A number that grows means that Redis does not answer or refuses: see its nodes below." />
      <Sign name="Work that was lost and queued again" value={lost && count(lost.today)} bad={(lost?.last_hour ?? 0) > 100}
        meaning={`Since midnight UTC${lost ? `; ${count(lost.last_hour)} in the last hour` : ''}. A worker died with it; nothing is missing. Many: workers are killed, mostly for their memory.`} />
      <Sign name="Throttled by AWS" value={throttled === undefined ? undefined : `${count(throttled)} of ${count(sent)}`} bad={sent > 100 && (throttled ?? 0) / sent > 0.05}
        meaning="Calls of the last hour. Above a twentieth: others call AWS in the same accounts. Lower AWS_CALL_LIMITS for the service that is named below." />
      <Sign name="Workers with the same limits" value={calls && (calls.processes.length === 0 ? undefined : calls.limits_agree ? 'yes' : 'no')} bad={calls?.limits_agree === false}
        meaning="No: AWS_CALL_LIMITS differs between workers, so a budget is spent at two rates. Give all of them the same." />
    </SimpleGrid>
  )
}

/** Memory is how full the fullest Redis is that takes writes. */
function Memory({ nodes }: { nodes: Schemas['RedisNode'][] }) {
  const full = (node: Schemas['RedisNode']) => (node.max_memory_bytes ? (node.used_memory_bytes ?? 0) / node.max_memory_bytes : 0)
  const node = nodes.filter((one) => isMaster(one) && one.used_memory_bytes !== null).sort((a, b) => full(b) - full(a) || (b.used_memory_bytes ?? 0) - (a.used_memory_bytes ?? 0))[0]
  const most = node?.max_memory_bytes
  return (
    <Sign name="Memory of Redis" value={node && `${bytes(node.used_memory_bytes)}${most ? ` of ${bytes(most)}` : ''}`} bad={node !== undefined && full(node) > 0.85}
      meaning="Above 85 %: a full Redis refuses writes, and nothing can be started. Raise maxmemory, or keep results for less time." />
  )
}

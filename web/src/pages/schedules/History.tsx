import type { Schemas } from '@consolesensei/resource-tracker'
import { Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { moment } from '../../ui/format'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'

const happened: Record<Schemas['ScheduleEvent']['what'], string> = {
  'schedule.created': 'Added', 'schedule.changed': 'Changed', 'schedule.paused': 'Paused', 'schedule.resumed': 'Resumed', 'schedule.deleted': 'Deleted',
  'schedule.run': 'Run by hand', 'schedule.fired': 'Run at its time', 'schedule.missed': 'Missed', 'schedule.failed': 'Could not be started',
}

/** History is what happened to a schedule: who changed it, which runs it started, which it missed, and which it could not start. */
export function History({ id }: { id: string }) {
  const history = useQuery({ queryKey: ['schedules', 'history', id], queryFn: ({ signal }) => tracker.schedules.history(id, { signal }), refetchInterval: 15_000 })
  return (
    <div>
      <Title order={3} size="h5">What happened to it</Title>
      <Asked query={history} what="the history" height={120}>
        {(events) => (
          <Frame name="History" width={520}>
            <Table verticalSpacing={4}>
              <thead><tr><th>When</th><th>What</th><th>By</th></tr></thead>
              <tbody>
                {events.map((event, index) => (
                  <tr key={`${event.at}/${index}`}>
                    <td>{moment(event.at)}</td>
                    <td>
                      <Text size="sm" fw={event.what === 'schedule.failed' || event.what === 'schedule.missed' ? 600 : undefined}>
                        {happened[event.what]}{event.tick && ` (due ${moment(event.tick)})`}
                        {event.job_id && <>, <To to="/scans/$id" params={{ id: event.job_id }} size="sm">the scan</To></>}
                        {event.plan_id && <>, <To to="/plans/$id" params={{ id: event.plan_id }} size="sm">the plan</To></>}
                      </Text>
                      {event.detail && <Text size="xs">{event.detail}</Text>}
                    </td>
                    <td><Text size="xs" className="mono">{event.who}</Text></td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Frame>
        )}
      </Asked>
    </div>
  )
}

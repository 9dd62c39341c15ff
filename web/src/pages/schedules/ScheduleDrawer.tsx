import type { Schedule } from '@consolesensei/resource-tracker'
import { Alert, Drawer, List, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { moment, plural, since, words, zone } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Asked } from '../../ui/States'
import { Table } from '../../ui/Table'
import { History } from './History'
import { Runs } from './Runs'
import { Standing, When } from './ScheduleTable'
import { Verbs } from './Verbs'
import { momentIn, whatOf } from './words'

/** ScheduleDrawer is all that is known of the schedule that the address names, and what can be done with it. */
export function ScheduleDrawer({ id, onClose }: { id?: string; onClose: () => void }) {
  const maySchedule = useMay('schedule')
  const found = useQuery({
    queryKey: ['schedules', 'one', id], queryFn: ({ signal }) => tracker.schedules.get(id!, { signal }), enabled: id !== undefined, refetchInterval: 15_000,
  })
  return (
    <Drawer opened={id !== undefined} onClose={onClose} position="right" size="xl" title="Schedule">
      {id !== undefined && (
        <Asked query={found} what="the schedule" height={420}>
          {(schedule) => (
            <Stack gap="md">
              <Title order={2} size="h4">{schedule.name}</Title>
              {maySchedule && <Verbs schedule={schedule} onGone={onClose} />}
              {(schedule.last_error ?? schedule.paused_reason) !== undefined && (
                <Alert color="red" variant="outline" icon={<Icon name="alert" />} title="A run could not be started">
                  <Text size="sm">{schedule.last_error}{schedule.last_error_at && ` (${since(schedule.last_error_at)})`}</Text>
                  {schedule.paused_reason && <Text size="sm">It paused itself: {schedule.paused_reason}</Text>}
                </Alert>
              )}
              <Facts schedule={schedule} />
              <NextRuns schedule={schedule} />
              <Runs id={schedule.schedule_id} keep={schedule.keep} />
              <History id={schedule.schedule_id} />
            </Stack>
          )}
        </Asked>
      )}
    </Drawer>
  )
}

function Facts({ schedule }: { schedule: Schedule }) {
  const { request, notify, plan } = schedule
  const facts: [string, ReactNode][] = [
    ['Comes', <When schedule={schedule} />],
    ['State', <Standing schedule={schedule} />],
    ['Does', whatOf(schedule)],
    ...(plan?.select ? [['Selects', <Filter value={plan.select.filter} />] as [string, ReactNode]] : []),
    ...(request.filter !== undefined ? [['Keeps only', <Filter value={request.filter} />] as [string, ReactNode]] : []),
    ...(request.metrics ? [['Metrics', 'are read, which AWS charges for'] as [string, ReactNode]] : []),
    ['Tells webhooks', notify ? <Told notify={notify} /> : 'nothing of what has changed'],
    ['Starts late', `up to ${plural(Math.round((schedule.starting_deadline_seconds ?? 3_600) / 60), 'minute')} after its time, else the run is missed`],
    ['Made', moment(schedule.created_at)],
  ]
  return (
    <Table verticalSpacing={3} withRowBorders={false}>
      <tbody>{facts.map(([name, value]) => <tr key={name}><th style={{ width: 130 }}>{name}</th><td>{value}</td></tr>)}</tbody>
    </Table>
  )
}

const Filter = ({ value }: { value: unknown }) => <span className="mono">{typeof value === 'string' ? value : JSON.stringify(value)}</span>

function Told({ notify }: { notify: NonNullable<Schedule['notify']> }) {
  return (
    <>
      of what was {(notify.changes ?? ['added', 'removed', 'changed']).join(', ')} from one run to the next
      {notify.selected && `, selected ${notify.selected.map(words).join(', ')}`}{notify.filter !== undefined && <>, by <Filter value={notify.filter} /></>}
    </>
  )
}

/** NextRuns are the five times that the server has reckoned, on the clock of the reader and on the schedule's own. */
function NextRuns({ schedule }: { schedule: Schedule }) {
  const own = schedule.every_seconds ? zone : schedule.time_zone ?? 'UTC'
  return (
    <div>
      <Title order={3} size="h5">Next runs</Title>
      {schedule.next_runs.length === 0 ? <Text size="sm">{schedule.paused ? 'None while it is paused.' : 'It comes no more.'}</Text> : (
        <List size="sm" type="ordered">
          {schedule.next_runs.map((at) => (
            <List.Item key={at}>{moment(at)}{own !== zone && ` (${momentIn(at, own)} in ${own})`}</List.Item>
          ))}
        </List>
      )}
      <Text size="xs">Times in {zone}.</Text>
    </div>
  )
}

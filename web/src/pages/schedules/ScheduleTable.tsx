import type { Schedule } from '@consolesensei/resource-tracker'
import { Badge, Code, Text } from '@mantine/core'
import { MayBeOfAnother } from '../../ui/AccountUnknown'
import { Frame } from '../../ui/Frame'
import { moment, plural, since } from '../../ui/format'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { LastRun } from './LastRun'
import { whatOf, whenOf } from './words'

/** ScheduleTable is a line for each schedule. */
export function ScheduleTable({ schedules }: { schedules: Schedule[] }) {
  return (
    <Frame name="Schedules" width={880}>
      <Table>
        <thead>
          <tr><th>Schedule</th><th>Comes</th><th style={{ minWidth: 105 }}>State</th><th style={{ minWidth: 135 }}>Last run</th><th style={{ minWidth: 170 }}>Next run</th></tr>
        </thead>
        <tbody>
          {schedules.map((one) => (
            <tr key={one.schedule_id}>
              <td><To to="/schedules" search={{ schedule: one.schedule_id }}>{one.name}</To><Text size="xs">{whatOf(one)}</Text><MayBeOfAnother row={one} /></td>
              <td><When schedule={one} /></td>
              <td><Standing schedule={one} /></td>
              <td><LastRun schedule={one} /></td>
              <td>{one.next_at ? <>{moment(one.next_at)}<Text size="xs">{since(one.next_at)}</Text></> : 'none'}</td>
            </tr>
          ))}
        </tbody>
      </Table>
    </Frame>
  )
}

/** When says when a schedule comes, in words, with its own lines and zone. */
export function When({ schedule }: { schedule: Schedule }) {
  const { says, lines } = whenOf(schedule)
  return (
    <>
      <Text size="sm">{says}</Text>
      <Text size="xs">{lines.map((line) => <Code key={line} mr={6}>{line}</Code>)}{!schedule.every_seconds && (schedule.time_zone ?? 'UTC')}</Text>
    </>
  )
}

/** Standing says whether a schedule comes, and whether its runs can be started. */
export function Standing({ schedule }: { schedule: Schedule }) {
  const badge = (color: string, text: string) => <Badge color={color} miw="max-content" style={{ '--badge-color': '#fff' }}>{text}</Badge>
  return (
    <>
      {schedule.last_error !== undefined && badge('red.9', 'failing')}
      {schedule.paused ? badge('orange.9', 'paused') : schedule.last_error === undefined && badge('teal.9', 'active')}
      {schedule.failures ? <Text size="xs">{plural(schedule.failures, 'run')} could not be started</Text> : null}
    </>
  )
}

import type { Schedule } from '@consolesensei/resource-tracker'
import { Badge, Code, Table, Text } from '@mantine/core'
import { MayBeOfAnother } from '../../ui/AccountUnknown'
import { Frame } from '../../ui/Frame'
import { moment, plural, since } from '../../ui/format'
import { To } from '../../ui/To'
import { LastRun } from './LastRun'
import { whatOf, whenOf } from './words'

/** ScheduleTable is a line for each schedule. */
export function ScheduleTable({ schedules }: { schedules: Schedule[] }) {
  return (
    <Frame name="Schedules" width={880}>
      <Table>
        <Table.Thead>
          <Table.Tr><Table.Th>Schedule</Table.Th><Table.Th>Comes</Table.Th><Table.Th miw={105}>State</Table.Th><Table.Th miw={135}>Last run</Table.Th><Table.Th miw={170}>Next run</Table.Th></Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {schedules.map((one) => (
            <Table.Tr key={one.schedule_id}>
              <Table.Td><To to="/schedules" search={{ schedule: one.schedule_id }}>{one.name}</To><Text size="xs">{whatOf(one)}</Text><MayBeOfAnother row={one} /></Table.Td>
              <Table.Td><When schedule={one} /></Table.Td>
              <Table.Td><Standing schedule={one} /></Table.Td>
              <Table.Td><LastRun schedule={one} /></Table.Td>
              <Table.Td>{one.next_at ? <>{moment(one.next_at)}<Text size="xs">{since(one.next_at)}</Text></> : 'none'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
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

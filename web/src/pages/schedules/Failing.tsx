import type { Schedule } from '@consolesensei/resource-tracker'
import { Alert, List, Text } from '@mantine/core'
import { plural, since } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { To } from '../../ui/To'

/** Failing names the schedules whose runs cannot be started, and why. It is nothing where all can. */
export function Failing({ schedules }: { schedules: Schedule[] }) {
  const failing = schedules.filter((one) => one.last_error !== undefined || one.paused_reason !== undefined)
  if (failing.length === 0) return null
  return (
    <Alert color="red" variant="outline" icon={<Icon name="alert" />} title={`${plural(failing.length, 'schedule')} could not start a run`}>
      <List size="sm" spacing={4}>
        {failing.map((one) => (
          <List.Item key={one.schedule_id}>
            <To to="/schedules" search={{ schedule: one.schedule_id }} size="sm">{one.name}</To>
            {one.failures ? `, ${plural(one.failures, 'run')} in a row` : ''}{one.last_error_at && `, last ${since(one.last_error_at)}`}
            <Text size="sm">{one.paused_reason ? `Paused itself: ${one.paused_reason}` : one.last_error}</Text>
          </List.Item>
        ))}
      </List>
    </Alert>
  )
}

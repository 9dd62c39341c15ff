import type { Schedule } from '@consolesensei/resource-tracker'
import { Button, Group, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'
import { Failed } from '../../ui/States'
import { ScheduleForm } from './ScheduleForm'

/** Verbs is what can be done with a schedule. */
export function Verbs({ schedule, onGone }: { schedule: Schedule; onGone: () => void }) {
  const [shown, setShown] = useState<'change' | 'delete'>()
  const id = schedule.schedule_id
  const done = () => {
    void queries.invalidateQueries({ queryKey: ['schedules'] })
    void queries.invalidateQueries({ queryKey: ['tray'] })
  }
  const run = useMutation({ mutationFn: (verb: () => Promise<unknown>) => verb(), onSuccess: done })
  const button = (label: string, verb: () => Promise<unknown>) => <Button variant="default" size="xs" onClick={() => run.mutate(verb)} disabled={run.isPending}>{label}</Button>
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {button('Run now', () => tracker.schedules.run(id))}
        {schedule.paused ? button('Resume', () => tracker.schedules.resume(id)) : button('Pause', () => tracker.schedules.pause(id))}
        <Button variant="default" size="xs" onClick={() => setShown('change')}>Change</Button>
        <Button variant="default" size="xs" onClick={() => setShown('delete')}>Delete</Button>
      </Group>
      {run.isError && <Failed error={run.error} />}
      {shown === 'change' && <ScheduleForm schedule={schedule} onClose={() => setShown(undefined)} onSaved={() => setShown(undefined)} />}
      {shown === 'delete' && (
        <Confirm title={`Delete ${schedule.name}?`} verb="Delete the schedule" run={() => tracker.schedules.delete(id)} onDone={() => { onGone(); done() }} onClose={() => setShown(undefined)}>
          <Text size="sm">It starts no more runs, and its history is gone. A run that is under way goes on. Results stay until they expire. To stop it for a while, pause it.</Text>
        </Confirm>
      )}
    </Stack>
  )
}

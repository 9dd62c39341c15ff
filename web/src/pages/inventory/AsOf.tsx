import { Alert, Button, Group, Text, TextInput } from '@mantine/core'
import { moment } from '../../ui/format'

/** AsOf takes the day that the inventory is shown of. A day begins at midnight of UTC. */
export function AsOf({ at = '', onAt }: { at?: string; onAt: (at: string | undefined) => void }) {
  const today = new Date().toISOString().slice(0, 10)
  return (
    <TextInput
      key={at} type="date" label="As of (UTC)" size="xs" w={150} max={today} defaultValue={/^\d{4}-\d\d-\d\d/.exec(at)?.[0] ?? ''}
      // While a year is typed, what stands there is a day of the first centuries.
      onChange={(event) => { const day = event.currentTarget.value; if (day === '' || (day > '2006' && day <= today)) onAt(day || undefined) }}
    />
  )
}

/** Past says plainly that what is shown is no more as it is. */
export function Past({ of, onNow }: { of?: string; onNow: () => void }) {
  return (
    <Alert color="indigo" variant="outline" py="xs" title="This is the past">
      <Group justify="space-between">
        <Text size="sm">{of ? `Everything on this page is as it was on ${moment(of)}, as far as scans saw it.` : 'Everything on this page is as it was then.'}</Text>
        <Button size="xs" variant="default" onClick={onNow}>Back to now</Button>
      </Group>
    </Alert>
  )
}

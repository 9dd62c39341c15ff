import { Group, NumberInput, Radio, Select, Stack, TextInput } from '@mantine/core'
import { zone } from '../../ui/format'
import { cronWords, everyWords } from './cron'
import type { Draft } from './draft'
import type { FieldsProps } from './ScheduleForm'

const zones = [...new Set(['UTC', zone, ...Intl.supportedValuesOf('timeZone')])]

/** WhenFields say when a schedule comes, and say it back in words. */
export function WhenFields({ draft, set, fault, hasPlan }: FieldsProps & { hasPlan: boolean }) {
  const line = (label: string, name: 'cron' | 'begin' | 'end', error: string | undefined) => (
    <TextInput
      label={label} required value={draft[name]} onChange={(event) => set({ [name]: event.currentTarget.value })} error={error} maxLength={200} spellCheck={false} autoCapitalize="none" autoComplete="off"
      description={draft[name].trim() === '' ? 'Minute, hour, day, month and weekday, such as 0 6 * * 1-5' : `${cronWords(draft[name]) ?? draft[name]}, ${draft.zone}`}
    />
  )
  return (
    <Stack gap="sm">
      <Radio.Group label="It comes" value={draft.by} onChange={(by) => set({ by: by as Draft['by'] })}>
        <Group gap="md" mt={4}>
          <Radio value="cron" label="By the clock" />
          <Radio value="every" label="At a distance" />
          {hasPlan && <Radio value="off_hours" label="Off-hours" />}
        </Group>
      </Radio.Group>
      {draft.by === 'cron' && line('Cron', 'cron', fault('cron'))}
      {draft.by === 'off_hours' && <>{line('Begins', 'begin', fault('off_hours.begin'))}{line('Ends', 'end', fault('off_hours.end'))}</>}
      {draft.by === 'every' ? (
        <NumberInput label="Minutes from one run to the next" required min={1} value={draft.minutes} onChange={(minutes) => set({ minutes: Number(minutes) })} error={fault('every_seconds')} description={everyWords(Math.round(draft.minutes * 60))} hideControls />
      ) : (
        <Select label="Time zone" searchable limit={60} data={zones} value={draft.zone} onChange={(value) => value && set({ zone: value })} error={fault('time_zone')} description="Whose clock the hours are read on" allowDeselect={false} />
      )}
    </Stack>
  )
}

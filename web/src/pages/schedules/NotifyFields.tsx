import { Checkbox, Group, Stack, Switch, TextInput } from '@mantine/core'
import { To } from '../../ui/To'
import type { Draft } from './draft'
import type { FieldsProps } from './ScheduleForm'

/** NotifyFields say of which changes from one run to the next webhooks are told. */
export function NotifyFields({ draft, set, fault }: FieldsProps) {
  return (
    <Stack gap="sm">
      <Switch label="Tell webhooks what has changed" checked={draft.notifies} onChange={(event) => set({ notifies: event.currentTarget.checked })}
        description={<>An event for each run that saw something otherwise than the runs before it, to <To to="/webhooks" size="xs">webhooks</To> that want inventory.changed</>} />
      {draft.notifies && (
        <>
          <TextInput label="Only what this filter selects" placeholder="All" value={draft.filter} onChange={(event) => set({ filter: event.currentTarget.value })} error={fault('notify.filter')}
            maxLength={8192} spellCheck={false} autoCapitalize="none" description="Such as meta.public_ip, as in the inventory" />
          <Checkbox.Group label="Only what was" description="None: all of them" value={draft.changes} onChange={(changes) => set({ changes: changes as Draft['changes'] })}>
            <Group gap="md" mt={4}>{['added', 'removed', 'changed'].map((one) => <Checkbox key={one} value={one} label={one} />)}</Group>
          </Checkbox.Group>
          <Checkbox.Group label="Only what the filter selects" description="None: at any time. Now alone: what it selects now and did not before" value={draft.selected} onChange={(selected) => set({ selected: selected as Draft['selected'] })}>
            <Group gap="md" mt={4}>{['before', 'now', 'both'].map((one) => <Checkbox key={one} value={one} label={one} />)}</Group>
          </Checkbox.Group>
        </>
      )}
    </Stack>
  )
}

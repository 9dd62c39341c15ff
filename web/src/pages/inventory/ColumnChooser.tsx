import { Button, Checkbox, Group, Popover, Stack, TagsInput } from '@mantine/core'
import { columnNames, usual } from './columns'
import { useTagKeys } from './useInventory'

/** ColumnChooser says which columns the grid has, tags among them. Those chosen last stand last. */
export function ColumnChooser({ chosen, at, onColumns }: { chosen: string[]; at?: string; onColumns: (columns: string | undefined) => void }) {
  const keys = useTagKeys(undefined, at)
  const set = (next: string[]) => onColumns(next.length === 0 || next.join() === usual.join() ? undefined : next.join())
  const tags = chosen.filter((id) => id.startsWith('tag:')).map((id) => id.slice(4))
  const own = chosen.filter((id) => !id.startsWith('tag:'))
  return (
    <Popover position="bottom-end" width={280} withinPortal trapFocus>
      <Popover.Target><Button variant="default" size="xs">Columns</Button></Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs">
          <Checkbox.Group label="Columns" value={own} onChange={(next) => set([...next, ...tags.map((key) => `tag:${key}`)])}>
            <Stack gap={8} mt={4}>{columnNames.map(({ id, name }) => <Checkbox key={id} value={id} label={name} size="sm" />)}</Stack>
          </Checkbox.Group>
          <TagsInput
            label="Tags" placeholder="owner" size="xs" value={tags} maxDropdownHeight={180} maxTags={10} data={keys.data?.keys.slice(0, 200).map((one) => one.key) ?? []}
            onChange={(next) => set([...own, ...next.filter((key) => !key.includes(',')).map((key) => `tag:${key}`)])} comboboxProps={{ withinPortal: false }}
          />
          <Group justify="flex-end"><Button variant="default" size="compact-xs" onClick={() => onColumns(undefined)}>The usual columns</Button></Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

import { Button, CloseButton, Group, Popover, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { type FormEvent, useEffect, useState } from 'react'
import { To } from '../../ui/To'
import { useViews } from './views'

/** Views keeps what the page shows under a name, and leads back to it. */
export function Views({ search }: { search: Record<string, string> }) {
  const { views, save, remove } = useViews()
  const [opened, { toggle, close }] = useDisclosure()
  const [name, setName] = useState('')
  // What was led to is there to be looked at.
  const address = new URLSearchParams(search).toString()
  useEffect(() => close(), [address])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (name.trim() === '') return
    save({ name: name.trim(), search })
    setName('')
  }
  return (
    <Popover position="bottom-end" width={300} withinPortal opened={opened} onDismiss={close} trapFocus>
      <Popover.Target><Button variant="default" size="xs" onClick={toggle}>Views</Button></Popover.Target>
      <Popover.Dropdown aria-label="Views">
        <Stack gap="xs">
          {views.length === 0 && <Text size="sm">No view is kept yet. This browser alone keeps them.</Text>}
          {views.map((view) => (
            <Group key={view.name} justify="space-between" wrap="nowrap" gap="xs">
              <To to="/inventory" search={{ account: undefined, ...view.search }} size="sm" truncate>{view.name}</To>
              <CloseButton size="sm" aria-label={`Delete the view ${view.name}`} onClick={() => remove(view.name)} />
            </Group>
          ))}
          <form onSubmit={submit}>
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <TextInput label="Keep this view as" size="xs" flex={1} maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} />
              <Button type="submit" size="xs">Keep</Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

import { Anchor, Button, CloseButton, Group, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'

/** FilterField takes the filter language. It is asked for on Enter, so that no half of a filter is. */
export function FilterField({ filter = '', onFilter }: { filter?: string; onFilter: (filter: string | undefined) => void }) {
  const [text, setText] = useState(filter)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onFilter(text.trim() || undefined)
  }
  return (
    <form onSubmit={submit} role="search">
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Filter" placeholder="type:EBS_Volume state:available cost>5" value={text} onChange={(event) => setText(event.currentTarget.value)}
          flex={1} miw={220} maxLength={8192} spellCheck={false} autoCapitalize="none"
          rightSection={text && <CloseButton aria-label="Clear the filter" onClick={() => { setText(''); onFilter(undefined) }} />}
          description={<>Such as <code>tag:owner!</code> or <code>age&gt;90d cost&gt;5</code>. <Anchor size="xs" underline="always" href="/api/v1/docs">The API</Anchor> takes the same.</>}
        />
        <Button type="submit">Filter</Button>
      </Group>
    </form>
  )
}

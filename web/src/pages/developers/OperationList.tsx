import { Badge, Group as Row, Stack, Text, TextInput, Title } from '@mantine/core'
import { useState } from 'react'
import { To } from '../../ui/To'
import type { Group } from './document'

const colours: Record<string, string> = { GET: 'teal.9', POST: 'indigo.8', PUT: 'orange.9', PATCH: 'orange.9', DELETE: 'red.9' }

/** OperationList is all operations by group. What is typed leaves those that have it in their name, path or summary. */
export function OperationList({ groups, chosen, language }: { groups: Group[]; chosen?: string; language?: string }) {
  const [typed, setTyped] = useState('')
  const word = typed.trim().toLowerCase()
  const shown = groups
    .map((group) => ({ ...group, operations: group.operations.filter((one) => `${one.id} ${one.path} ${one.summary}`.toLowerCase().includes(word)) }))
    .filter((group) => group.operations.length > 0)
  return (
    <Stack gap="sm">
      <TextInput label="Find an operation" placeholder="such as plan" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} autoComplete="off" />
      <div className="operations" tabIndex={0} role="region" aria-label="Operations">
        {shown.length === 0 && <Text size="sm">No operation has {typed} in its name, path or summary.</Text>}
        {shown.map((group) => (
          <section key={group.name}>
            <Title order={2} size="h5" mt="sm">{group.name}</Title>
            <Text size="xs">{group.description}</Text>
            {group.operations.map((one) => (
              <Row key={one.id} gap="xs" wrap="nowrap" py={3}>
                <Badge color={colours[one.method] ?? 'gray.7'} w={66} radius="sm">{one.method}</Badge>
                <To to="/developers" search={{ operation: one.id, language }} size="sm" fw={one.id === chosen ? 700 : 400} aria-current={one.id === chosen ? 'true' : undefined}>{one.summary}</To>
              </Row>
            ))}
          </section>
        ))}
      </div>
    </Stack>
  )
}

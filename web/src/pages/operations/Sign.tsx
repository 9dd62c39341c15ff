import { Badge, Group, Paper, Text } from '@mantine/core'

/** Sign is a figure of the service with what it means when it is bad. */
export function Sign({ name, value, bad = false, meaning }: { name: string; value?: string; bad?: boolean; meaning: string }) {
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" gap="xs"><Text size="sm">{name}</Text>{bad && <Badge color="red.9">bad</Badge>}</Group>
      <Text fw={700} size="xl">{value ?? 'not known'}</Text>
      <Text size="xs">{meaning}</Text>
    </Paper>
  )
}

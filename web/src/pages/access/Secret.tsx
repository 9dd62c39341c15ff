import { Alert, Button, Code, CopyButton, Group, Stack, Text } from '@mantine/core'

/** Secret shows a key's secret once. It is in this dialog alone, and gone with it. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="orange" variant="outline" title="It is shown once">The server keeps no more than its SHA-256. Copy it now: nobody can show it again.</Alert>
      <Code block tabIndex={0} role="region" aria-label="The secret">{secret}</Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        <Button onClick={onClose}>I have it</Button>
      </Group>
      <Text size="xs">Programs send it as the header X-API-Key.</Text>
    </Stack>
  )
}

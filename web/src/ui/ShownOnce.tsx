import { Alert, Button, Code, CopyButton, Group, Stack } from '@mantine/core'
import { Icon } from './Icon'

/** ShownOnce shows a secret that nobody can ask for again, to be copied. It is in its dialog alone, and gone with it. */
export function ShownOnce({ secret, warning, onClose }: { secret: string; warning: string; onClose: () => void }) {
  return (
    <Stack>
      <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title="It is shown this once">{warning}</Alert>
      <Code block tabIndex={0} role="region" aria-label="The secret" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{secret}</Code>
      <Group justify="flex-end">
        <CopyButton value={secret}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
        <Button onClick={onClose}>I have it</Button>
      </Group>
    </Stack>
  )
}

import { Alert, Button, Code, CopyButton, Group, Modal, Stack, Text } from '@mantine/core'
import { Icon } from '../../ui/Icon'

export interface Shown { secret: string; of: string }

/** Secret shows what a receiver verifies events with, this once: nobody can ask for it again. */
export function Secret({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The secret" closeOnClickOutside={false} closeOnEscape={false} closeButtonProps={{ 'aria-label': 'Close' }}>
      <Stack>
        <Text size="sm">The receiver of {shown.of} verifies with it that an event came from here.</Text>
        <Code block tabIndex={0} aria-label="Secret" style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>{shown.secret}</Code>
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title="It is shown this once">Copy it to the receiver now. If it gets lost, make a new one.</Alert>
        <Group justify="flex-end">
          <CopyButton value={shown.secret}>{({ copied, copy }) => <Button variant="default" onClick={copy}>{copied ? 'Copied' : 'Copy'}</Button>}</CopyButton>
          <Button onClick={onClose}>I have it</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

import { Modal, Stack, Text } from '@mantine/core'
import { ShownOnce } from '../../ui/ShownOnce'

export interface Shown { secret: string; of: string }

/** Secret shows what a receiver verifies events with, this once. */
export function Secret({ shown, onClose }: { shown: Shown; onClose: () => void }) {
  return (
    <Modal opened onClose={onClose} title="The secret" closeOnClickOutside={false} closeOnEscape={false}>
      <Stack>
        <Text size="sm">The receiver of {shown.of} verifies with it that an event came from here.</Text>
        <ShownOnce secret={shown.secret} warning="Copy it to the receiver now. If it gets lost, make a new one." onClose={onClose} />
      </Stack>
    </Modal>
  )
}

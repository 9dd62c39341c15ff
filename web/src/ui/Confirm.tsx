import { Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failed } from './States'

interface ConfirmProps { title: string; verb: string; run: () => Promise<unknown>; onDone: () => void; onClose: () => void; children: ReactNode }

/** Confirm says what a verb does for good, and does it when asked again. */
export function Confirm({ title, verb, run, onDone, onClose, children }: ConfirmProps) {
  const doing = useMutation({
    mutationFn: run,
    onSuccess: () => {
      onDone()
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={title}>
      <Stack>
        <div>{children}</div>
        {doing.isError && <Failed error={doing.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>Cancel</Button>
          <Button color="red.9" onClick={() => doing.mutate()} loading={doing.isPending}>{verb}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

import type { LiveFinding } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'

/** Acknowledge asks why a finding stays as it is, and until when. */
export function Acknowledge({ finding, onClose }: { finding: LiveFinding; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState('')
  const save = useMutation({
    mutationFn: () => tracker.liveFindings.acknowledge(finding.finding_id, { reason, ...(until && { until: new Date(`${until}T00:00:00`).toISOString() }) }),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['findings'] })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <Modal opened onClose={onClose} title="Leave it as it is">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">{finding.title}: {finding.resource_name ?? finding.resource_id}. It leaves the sum until the day below, or for good.</Text>
          <Textarea label="Why" value={reason} onChange={(event) => setReason(event.currentTarget.value)} required maxLength={1024} data-autofocus />
          <TextInput type="date" label="Until" description="Empty: for good" value={until} onChange={(event) => setUntil(event.currentTarget.value)} />
          {save.isError && <Failed error={save.error} />}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" loading={save.isPending} disabled={reason.trim() === ''}>Acknowledge</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}

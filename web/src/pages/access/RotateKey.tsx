import type { APIKey } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'
import { Secret } from './Secret'

const overlaps = [{ value: '0', label: 'Not at all' }, { value: '3600', label: 'An hour' }, { value: '86400', label: 'A day' }, { value: '604800', label: 'A week' }]

/** RotateKey gives a key a new secret. The old one is taken for a while longer, so that programs can change over. */
export function RotateKey({ apiKey, onDone, onClose }: { apiKey: APIKey; onDone: () => void; onClose: () => void }) {
  const [overlap, setOverlap] = useState('86400')
  const rotate = useMutation({ mutationFn: () => tracker.keys.rotate(apiKey.key_id, { overlap_seconds: Number(overlap) }), gcTime: 0, onSuccess: onDone })
  return (
    <Modal opened onClose={onClose} title={`Rotate ${apiKey.name}`} closeOnClickOutside={!rotate.data}>
      {rotate.data ? <Secret secret={rotate.data.api_key} onClose={onClose} /> : (
        <Stack>
          <Text size="sm">The key stays the same: its roles, and its name in the audit. It gets a new secret.</Text>
          <Select label="The old secret is taken for" data={overlaps} value={overlap} onChange={(value) => setOverlap(value ?? '86400')} allowDeselect={false} />
          {rotate.isError && <Failed error={rotate.error} />}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button onClick={() => rotate.mutate()} loading={rotate.isPending}>Give it a new secret</Button></Group>
        </Stack>
      )}
    </Modal>
  )
}

import type { Webhook } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Select, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'
import { Failed } from '../../ui/States'
import { nameOf } from './name'
import { WebhookForm } from './WebhookForm'

const done = () => void queries.invalidateQueries({ queryKey: ['webhooks'] })

/** Verbs is what can be done with a webhook. */
export function Verbs({ hook, onGone, onSecret }: { hook: Webhook; onGone: () => void; onSecret: (secret: string) => void }) {
  const [shown, setShown] = useState<'change' | 'secret' | 'delete'>()
  const id = hook.webhook_id
  const close = () => setShown(undefined)
  const run = useMutation({ mutationFn: (verb: () => Promise<unknown>) => verb(), onSuccess: done })
  const button = (label: string, onClick: () => void) => <Button variant="default" size="xs" onClick={onClick} disabled={run.isPending}>{label}</Button>
  return (
    <Stack gap="xs">
      <Group gap="xs">
        {button('Test', () => run.mutate(() => tracker.webhooks.test(id)))}
        {button(hook.enabled ? 'Switch off' : 'Switch on', () => run.mutate(() => tracker.webhooks.change(id, { enabled: !hook.enabled })))}
        {button('Change', () => setShown('change'))}
        {hook.form === 'standard' && button('New secret', () => setShown('secret'))}
        {button('Delete', () => setShown('delete'))}
      </Group>
      {run.isError && <Failed error={run.error} />}
      {shown === 'change' && <WebhookForm hook={hook} onClose={close} onSaved={close} />}
      {shown === 'secret' && <NewSecret id={id} onClose={close} onSecret={(secret) => { close(); onSecret(secret) }} />}
      {shown === 'delete' && (
        <Confirm title={`Delete ${nameOf(hook)}?`} verb="Delete the webhook" run={() => tracker.webhooks.delete(id)} onDone={() => { onGone(); done() }} onClose={close}>
          <Text size="sm">It is sent nothing more, and what is known of its deliveries is gone, with its secret. To stop it for a while, switch it off.</Text>
        </Confirm>
      )}
    </Stack>
  )
}

const overlaps = [{ value: '86400', label: 'for a day' }, { value: '3600', label: 'for an hour' }, { value: '604800', label: 'for a week' }, { value: '0', label: 'no longer: it ends at once' }]

/** NewSecret makes a secret. The one before signs too for a while, so that the receiver misses nothing. */
function NewSecret({ id, onClose, onSecret }: { id: string; onClose: () => void; onSecret: (secret: string) => void }) {
  const [keep, setKeep] = useState('86400')
  const rotate = useMutation({
    mutationFn: () => tracker.webhooks.rotateSecret(id, { keep_old_seconds: Number(keep) }),
    gcTime: 0, // the answer holds the secret
    onSuccess: (answer) => {
      done()
      onSecret(answer.secret ?? '')
    },
  })
  return (
    <Modal opened onClose={onClose} title="New secret">
      <Stack>
        <Text size="sm">Events are signed with a new secret, and with the one before as well for as long as you say. The receiver takes either.</Text>
        <Select label="The old one signs" data={overlaps} value={keep} onChange={(value) => value && setKeep(value)} allowDeselect={false} />
        {rotate.isError && <Failed error={rotate.error} />}
        <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button onClick={() => rotate.mutate()} loading={rotate.isPending}>Make a secret</Button></Group>
      </Stack>
    </Modal>
  )
}

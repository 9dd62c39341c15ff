import type { Schemas, Webhook } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, PasswordInput, Select, Stack, TagsInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { faultAt, isElsewhere } from '../../ui/faults'
import { Failed } from '../../ui/States'
import { EventFields } from './EventFields'

type Form = Webhook['form']

const forms: { value: Form; label: string }[] = [
  { value: 'standard', label: 'Signed events (Standard Webhooks)' }, { value: 'slack', label: 'Slack' }, { value: 'teams', label: 'Microsoft Teams' },
  { value: 'pagerduty', label: 'PagerDuty' }, { value: 'email', label: 'E-mail' },
]
const places = ['url', 'routing_key', 'to', 'events', 'description', 'form'].map((name) => `body.${name}`)

interface WebhookFormProps { hook?: Webhook; onClose: () => void; onSaved: (saved: Webhook, secret?: string) => void }

/** WebhookForm adds a webhook, or changes one. The URL may hold a token: it is sent, and kept by nobody here. */
export function WebhookForm({ hook, onClose, onSaved }: WebhookFormProps) {
  const [form, setForm] = useState<Form>(hook?.form ?? 'standard')
  const [description, setDescription] = useState(hook?.description ?? '')
  const [url, setURL] = useState('')
  const [routingKey, setRoutingKey] = useState('')
  const [to, setTo] = useState(hook?.to ?? [])
  const [events, setEvents] = useState(hook?.events ?? ['job.failed', 'schedule.failed'])
  const save = useMutation<Schemas['WebhookItem'] & { secret?: string }>({
    mutationFn: () => {
      const members = {
        description: description.trim(), events,
        ...(form === 'email' ? { to } : url.trim() && { url: url.trim() }),
        ...(form === 'pagerduty' && routingKey && { routing_key: routingKey }),
      }
      return hook ? tracker.webhooks.change(hook.webhook_id, members) : tracker.webhooks.add({ ...members, form })
    },
    gcTime: 0, // the answer may hold a secret
    onSuccess: ({ secret, ...saved }) => {
      void queries.invalidateQueries({ queryKey: ['webhooks'] })
      onSaved(saved, secret)
    },
  })
  const fault = (name: string) => faultAt(save.error, `body.${name}`)
  // What is wrong may be out of sight.
  const ref = useRef<HTMLFormElement>(null)
  useEffect(() => ref.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(), [save.error])
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save.mutate()
  }
  const asIs = hook?.url && `Empty: it stays ${hook.url}`
  return (
    <Modal opened onClose={onClose} size="lg" title={hook ? 'Change the webhook' : 'Add a webhook'}>
      <form ref={ref} onSubmit={submit} noValidate autoComplete="off">
        <Stack>
          {!hook && <Select label="Form" data={forms} value={form} onChange={(value) => value && setForm(value as Form)} error={fault('form')} allowDeselect={false} description="What the receiver understands. It does not change later" />}
          {form === 'email'
            ? <TagsInput label="To" required value={to} onChange={setTo} error={fault('to')} splitChars={[',', ' ']} acceptValueOnBlur clearable clearButtonProps={{ 'aria-label': 'Clear the addresses' }} description="One to ten addresses, each ended with Enter" />
            : (
              <TextInput label="URL" type="url" required={!hook && form !== 'pagerduty'} value={url} onChange={(event) => setURL(event.currentTarget.value)} error={fault('url')} maxLength={2048} spellCheck={false} autoComplete="off"
                description={asIs || (form === 'pagerduty' ? 'Empty: https://events.pagerduty.com/v2/enqueue' : 'https, at a public address. It is kept as a secret')} />
            )}
          {form === 'pagerduty' && <PasswordInput label="Integration key" required={!hook} value={routingKey} onChange={(event) => setRoutingKey(event.currentTarget.value)} error={fault('routing_key')} maxLength={64} autoComplete="off" visibilityToggleButtonProps={{ 'aria-label': 'Show the key', tabIndex: 0 }} description={hook && 'Needed whenever the URL changes'} />}
          <TextInput label="Description" value={description} onChange={(event) => setDescription(event.currentTarget.value)} error={fault('description')} maxLength={200} description="What people know it by" />
          <EventFields events={events} onChange={setEvents} error={fault('events')} />
          {save.isError && isElsewhere(save.error, places) && <Failed error={save.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={save.isPending} disabled={events.length === 0}>{hook ? 'Save' : 'Add'}</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

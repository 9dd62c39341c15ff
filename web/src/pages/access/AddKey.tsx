import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'
import { GrantFields } from './GrantFields'
import { Secret } from './Secret'

/** AddKey makes a key with roles, each as narrow as is said, and shows its secret once. */
export function AddKey({ tenant, onDone, onClose }: { tenant?: string; onDone: () => void; onClose: () => void }) {
  const [name, setName] = useState('')
  const [person, setPerson] = useState('')
  const [days, setDays] = useState<string | number>(90)
  const [grants, setGrants] = useState<Schemas['GrantBody'][]>([{ role: 'viewer' }])
  const add = useMutation({
    mutationFn: () => tracker.keys.add({ name, grants, ...(Number(days) > 0 && { expires_in_days: Number(days) }), ...(person && { person }), ...(tenant && { tenant }) }),
    gcTime: 0,
    onSuccess: onDone,
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  const set = (index: number, grant: Schemas['GrantBody']) => setGrants((now) => now.map((one, at) => (at === index ? grant : one)))
  return (
    <Modal opened onClose={onClose} title={add.data ? 'The key is made' : 'New key'} closeOnClickOutside={!add.data}>
      {add.data ? <Secret secret={add.data.api_key} onClose={onClose} /> : (
        <form onSubmit={submit}>
          <Stack>
            <TextInput label="Name" description="What it is for" value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={100} autoComplete="off" data-autofocus />
            {grants.map((grant, index) => <GrantFields key={index} number={index + 1} grant={grant} onChange={(changed) => set(index, changed)} onRemove={grants.length > 1 ? () => setGrants((now) => now.filter((_, at) => at !== index)) : undefined} />)}
            <Button variant="default" size="xs" onClick={() => setGrants((now) => [...now, { role: 'operator' }])} disabled={grants.length >= 20}>Another role</Button>
            <NumberInput label="Ends after days" description="0 is never" value={days} onChange={setDays} min={0} max={3650} allowDecimal={false} />
            <TextInput label="Person" description="Who it is for; empty: yourself. Nobody approves what any of their keys asked for." value={person} onChange={(event) => setPerson(event.currentTarget.value)} maxLength={100} autoComplete="off" />
            {tenant && <Text size="sm">It is a key of the tenant {tenant}.</Text>}
            {add.isError && <Failed error={add.error} />}
            <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" loading={add.isPending} disabled={name.trim() === ''}>Make the key</Button></Group>
          </Stack>
        </form>
      )}
    </Modal>
  )
}

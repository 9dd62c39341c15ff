import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Confirm } from '../../ui/Confirm'
import { moment } from '../../ui/format'
import { Frame } from '../../ui/Frame'
import { Asked, Failed } from '../../ui/States'
import { Table } from '../../ui/Table'
import { AddKey } from './AddKey'
import { TenantLimits } from './TenantLimits'

type Tenant = Schemas['Tenant']
const changed = () => void queries.invalidateQueries({ queryKey: ['tenants'] })

/** Tenants are whom data belongs to. An admin of the service makes them, with their first key and their limits. */
export function Tenants() {
  const [adding, setAdding] = useState(false)
  const [keyOf, setKeyOf] = useState<Tenant>()
  const [limitsOf, setLimitsOf] = useState<Tenant>()
  const [deleting, setDeleting] = useState<Tenant>()
  const tenants = useQuery({ queryKey: ['tenants'], queryFn: ({ signal }) => tracker.tenants.list({ signal }) })
  return (
    <Stack gap="md">
      <Group justify="space-between"><Text size="sm">What another tenant has does not exist for a tenant.</Text><Button onClick={() => setAdding(true)}>New tenant</Button></Group>
      <Asked query={tenants} what="the tenants" height={160}>
        {(all) => (
          <Frame name="Tenants" width={620}>
            <Table>
              <thead><tr><th>Tenant</th><th>Made</th><th>Verbs</th></tr></thead>
              <tbody>
                {all.map((tenant) => (
                  <tr key={tenant.name}>
                    <td>{tenant.name}<Text size="xs">{tenant.name === 'default' ? 'That of the keys of the settings' : tenant.description}</Text></td>
                    <td>{tenant.name === 'default' ? 'with the server' : moment(tenant.created_at)}</td>
                    <td>{tenant.deleted_at ? <>deleted {moment(tenant.deleted_at)}</> : (
                      <Group gap="xs" wrap="nowrap">
                        <Button size="compact-sm" variant="default" onClick={() => setLimitsOf(tenant)} aria-label={`Quotas and accounts of ${tenant.name}`}>Limits</Button>
                        {tenant.name !== 'default' && <Button size="compact-sm" variant="default" onClick={() => setKeyOf(tenant)} aria-label={`New key of ${tenant.name}`}>New key</Button>}
                        {tenant.name !== 'default' && <Button size="compact-sm" variant="default" onClick={() => setDeleting(tenant)} aria-label={`Delete ${tenant.name}`}>Delete</Button>}
                      </Group>
                    )}</td>
                  </tr>
                ))}
              </tbody>
            </Table>
          </Frame>
        )}
      </Asked>
      {adding && <AddTenant onClose={() => setAdding(false)} />}
      {keyOf && <AddKey tenant={keyOf.name} onDone={() => undefined} onClose={() => setKeyOf(undefined)} />}
      {limitsOf && <TenantLimits tenant={limitsOf.name} onClose={() => setLimitsOf(undefined)} />}
      {deleting && (
        <Confirm title="Delete a tenant" verb="Delete the tenant" run={() => tracker.tenants.delete(deleting.name)} onDone={changed} onClose={() => setDeleting(undefined)}>
          <Text size="sm">{deleting.name} loses its keys and its history for good, and its name is never given again. A tenant that has schedules is not deleted.</Text>
        </Confirm>
      )}
    </Stack>
  )
}

function AddTenant({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const add = useMutation({ mutationFn: () => tracker.tenants.add({ name, ...(description && { description }) }), onSuccess: () => { changed(); onClose() } })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    add.mutate()
  }
  return (
    <Modal opened onClose={onClose} title="New tenant">
      <form onSubmit={submit}>
        <Stack>
          <TextInput label="Name" description="Small letters, digits and hyphens. It is for ever." value={name} onChange={(event) => setName(event.currentTarget.value)} required maxLength={63} pattern="[a-z0-9][a-z0-9\-]*" autoComplete="off" data-autofocus />
          <TextInput label="Description" value={description} onChange={(event) => setDescription(event.currentTarget.value)} maxLength={200} />
          {add.isError && <Failed error={add.error} />}
          <Group justify="flex-end"><Button variant="default" onClick={onClose}>Cancel</Button><Button type="submit" loading={add.isPending} disabled={name === ''}>Make the tenant</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}

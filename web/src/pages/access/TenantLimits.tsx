import { Button, Group, Modal, NumberInput, Select, Stack, TagsInput, Text } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { words } from '../../ui/format'
import { Asked, Failed } from '../../ui/States'
import { QuotaTable } from './QuotaTable'

/** TenantLimits is what a tenant may use and has used, which limits are its own, and in which accounts it may work. */
export function TenantLimits({ tenant, onClose }: { tenant: string; onClose: () => void }) {
  const quota = useQuery({ queryKey: ['tenants', tenant, 'quota'], queryFn: ({ signal }) => tracker.tenants.quota(tenant, { signal }) })
  const allowed = useQuery({ queryKey: ['tenants', tenant, 'allowed'], queryFn: ({ signal }) => tracker.tenants.allowedAccounts(tenant, { signal }) })
  const refresh = () => void queries.invalidateQueries({ queryKey: ['tenants', tenant] })
  return (
    <Modal opened onClose={onClose} size="xl" title={`Limits of ${tenant}`}>
      <Stack>
        <Asked query={allowed} what="its accounts" height={60}>{(accounts) => <Allowed key={accounts.join()} tenant={tenant} accounts={accounts} onDone={refresh} />}</Asked>
        <Asked query={quota} what="its quotas" height={240}>
          {(answer) => (
            <>
              <OwnLimit tenant={tenant} limits={answer.limits as Record<string, number>} names={answer.quotas.map((one) => one.name)} onDone={refresh} />
              <QuotaTable name={`Quotas of ${tenant}`} quotas={answer.quotas} />
            </>
          )}
        </Asked>
      </Stack>
    </Modal>
  )
}

function Allowed({ tenant, accounts, onDone }: { tenant: string; accounts: string[]; onDone: () => void }) {
  const [wanted, setWanted] = useState(accounts)
  const save = useMutation({ mutationFn: () => tracker.tenants.allowAccounts(tenant, wanted), onSuccess: onDone })
  return (
    <>
      <TagsInput label="Only in these AWS accounts" description="Twelve digits each; empty is every account" value={wanted} onChange={setWanted} splitChars={[',', ' ']} acceptValueOnBlur />
      {save.isError && <Failed error={save.error} />}
      {wanted.join() !== accounts.join() && <Button onClick={() => save.mutate()} loading={save.isPending}>{wanted.length === 0 ? 'Allow every account' : 'Allow these accounts only'}</Button>}
    </>
  )
}

function OwnLimit({ tenant, limits, names, onDone }: { tenant: string; limits: Record<string, number>; names: string[]; onDone: () => void }) {
  const [name, setName] = useState<string | null>(null)
  const [limit, setLimit] = useState<string | number>('')
  const save = useMutation({
    mutationFn: (own: Record<string, number>) => tracker.tenants.setQuota(tenant, own),
    onSuccess: () => { setName(null); setLimit(''); onDone() },
  })
  const without = (dropped: string) => Object.fromEntries(Object.entries(limits).filter(([one]) => one !== dropped))
  return (
    <>
      {Object.entries(limits).map(([one, value]) => (
        <Group key={one} gap="xs"><Text size="sm">{words(one)} has a limit of its own: {value === 0 ? 'none' : value}</Text><Button size="compact-sm" variant="default" onClick={() => save.mutate(without(one))} aria-label={`Give ${words(one)} the server's limit`}>Use the server's</Button></Group>
      ))}
      <Group align="flex-end" gap="xs">
        <Select label="A limit of its own for" data={names.map((one) => ({ value: one, label: words(one) }))} value={name} onChange={setName} clearable clearButtonProps={{ 'aria-label': 'Clear the quota' }} />
        <NumberInput label="Limit" description="0 is no limit" value={limit} onChange={setLimit} min={0} allowDecimal={false} />
        <Button onClick={() => name && save.mutate({ ...limits, [name]: Number(limit) })} loading={save.isPending} disabled={!name || limit === ''}>Set</Button>
      </Group>
      {save.isError && <Failed error={save.error} />}
    </>
  )
}

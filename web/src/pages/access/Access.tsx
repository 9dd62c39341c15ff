import { Stack, Tabs } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ComponentType } from 'react'
import { useMay } from '../../api/session'
import { Heading } from '../../ui/States'
import { Accounts } from './Accounts'
import { Keys } from './Keys'
import { People } from './People'
import { Quotas } from './Quotas'
import { Roles } from './Roles'
import { Tenants } from './Tenants'

const tabs: { name: string; label: string; Content: ComponentType; ofInstance?: boolean }[] = [
  { name: 'people', label: 'Sessions', Content: People },
  { name: 'keys', label: 'Keys', Content: Keys },
  { name: 'roles', label: 'Roles', Content: Roles },
  { name: 'accounts', label: 'Accounts', Content: Accounts },
  { name: 'quotas', label: 'Quotas', Content: Quotas },
  { name: 'tenants', label: 'Tenants', Content: Tenants, ofInstance: true },
]

/** Access is who may do what, in which accounts, and how much of it. */
export default function Access() {
  const search = useSearch({ from: '/shell/access' })
  const navigate = useNavigate({ from: '/access' })
  const mayInstance = useMay('instance')
  const shown = tabs.filter((tab) => !tab.ofInstance || mayInstance)
  const here = shown.find((tab) => tab.name === search.tab) ?? shown[0]!
  return (
    <Stack gap="md">
      <Heading title="Access" />
      <Tabs value={here.name} onChange={(tab) => void navigate({ search: { tab: tab ?? undefined } })} keepMounted={false}>
        <Tabs.List mb="md">
          {shown.map((tab) => <Tabs.Tab key={tab.name} value={tab.name}>{tab.label}</Tabs.Tab>)}
        </Tabs.List>
        {shown.map(({ name, Content }) => <Tabs.Panel key={name} value={name}><Content /></Tabs.Panel>)}
      </Tabs>
    </Stack>
  )
}

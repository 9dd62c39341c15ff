import { Button, Menu, Text } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { tracker } from '../api/tracker'
import type { Who } from '../api/session'
import { zone } from '../ui/format'
import { Icon } from '../ui/Icon'
import { useSignOut } from './useSignOut'

/** Person says who is signed in, in which tenant and as what, leads to their other tenants, and signs out. */
export function Person({ who }: { who: Who }) {
  const signOut = useSignOut()
  const here = new URL(useRouter().latestLocation.href, window.location.origin)
  // Another tenant has other accounts.
  here.searchParams.delete('account')
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><Button variant="default" size="sm" maw={160}><Text size="sm" truncate>{who.name ?? who.who}</Text></Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)">
          Tenant {who.tenant}<br />
          {who.grants.map((grant) => grant.role).join(', ')}<br />
          Times in {zone}
        </Menu.Label>
        {who.tenants.slice(1).map((tenant) => (
          <Menu.Item key={tenant} component="a" href={tracker.sessions.loginURL(here.pathname + here.search, tenant)} leftSection={<Icon name="access" />}>Go to tenant {tenant}</Menu.Item>
        ))}
        <Menu.Item leftSection={<Icon name="out" />} onClick={signOut}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

import { Button, Stack, Text } from '@mantine/core'
import { useRouter } from '@tanstack/react-router'
import { tracker } from '../api/tracker'
import type { Who } from '../api/session'
import { zone } from '../ui/format'
import { Icon } from '../ui/Icon'
import { Floating } from './Floating'
import { useSignOut } from './useSignOut'

/** Person says who is signed in, in which tenant and as what, leads to their other tenants, and signs out. */
export function Person({ who }: { who: Who }) {
  const signOut = useSignOut()
  const here = new URL(useRouter().latestLocation.href, window.location.origin)
  // Another tenant has other accounts.
  here.searchParams.delete('account')
  const entry = { variant: 'subtle', size: 'sm', justify: 'start', fullWidth: true, color: 'var(--mantine-color-text)' } as const
  return (
    <Floating name="Who is signed in" of={(popover) => <Button {...popover} variant="default" size="sm" maw={160} miw={60} style={{ flexShrink: 1 }}><Text size="sm" truncate>{who.name ?? who.who}</Text></Button>}>
      <Stack gap={4}>
        <Text size="xs" px="xs">
          Tenant {who.tenant}<br />
          {who.grants.map((grant) => grant.role).join(', ')}<br />
          Times in {zone}
        </Text>
        {who.tenants.slice(1).map((tenant) => (
          <Button key={tenant} {...entry} component="a" href={tracker.sessions.loginURL(here.pathname + here.search, tenant)} leftSection={<Icon name="access" />}>Go to tenant {tenant}</Button>
        ))}
        <Button {...entry} leftSection={<Icon name="out" />} onClick={signOut}>Sign out</Button>
      </Stack>
    </Floating>
  )
}

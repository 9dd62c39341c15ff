import { Button, Menu, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queries } from '../api/queries'
import type { Who } from '../api/session'
import { tracker } from '../api/tracker'
import { zone } from '../ui/format'
import { Icon } from '../ui/Icon'

/** Person says who is signed in, in which tenant and as what, and signs out. */
export function Person({ who }: { who: Who }) {
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: () => tracker.sessions.signOut(),
    onSuccess: () => {
      void navigate({ to: '/sign-in', search: {} })
      queries.clear()
    },
  })
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target><Button variant="default" size="sm" maw={160}><Text size="sm" truncate>{who.name ?? who.who}</Text></Button></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label c="var(--mantine-color-text)">
          Tenant {who.tenant}<br />
          {who.grants.map((grant) => grant.role).join(', ')}<br />
          Times in {zone}
        </Menu.Label>
        <Menu.Item leftSection={<Icon name="out" />} onClick={() => leave.mutate()}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}

import { NavLink, Stack } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import { Icon, type IconName } from '../ui/Icon'

const pages: { to: '/' | '/inventory' | '/scans' | '/savings' | '/plans'; label: string; icon: IconName }[] = [
  { to: '/', label: 'Overview', icon: 'overview' },
  { to: '/inventory', label: 'Inventory', icon: 'inventory' },
  { to: '/scans', label: 'Scans', icon: 'scans' },
  { to: '/savings', label: 'Savings', icon: 'savings' },
  { to: '/plans', label: 'Plans', icon: 'plans' },
]

export function Navigation({ onGo }: { onGo: () => void }) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <Stack justify="space-between" h="100%" gap={0}>
      <div>
        {pages.map(({ to, label, icon }) => {
          const isHere = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)
          return (
            <NavLink key={to} component={Link} to={to} label={label} leftSection={<Icon name={icon} />} onClick={onGo}
              active={isHere} variant="filled" aria-current={isHere ? 'page' : undefined} />
          )
        })}
      </div>
      <NavLink component="a" href="/api/v1/docs" label="API" leftSection={<Icon name="document" />} />
    </Stack>
  )
}

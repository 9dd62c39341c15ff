import { Stack } from '@mantine/core'
import { Link, useRouterState } from '@tanstack/react-router'
import { Icon, type IconName } from '../ui/Icon'

/** pages are those of the console, in the groups that they are shown in. */
export const pages = [
  { group: 'See', pages: [
    { to: '/', label: 'Overview', icon: 'overview' },
    { to: '/inventory', label: 'Inventory', icon: 'inventory' },
    { to: '/diff', label: 'Changes', icon: 'diff' },
    { to: '/costs', label: 'Costs', icon: 'costs' },
    { to: '/budgets', label: 'Budgets', icon: 'budgets' },
  ] },
  { group: 'Do', pages: [
    { to: '/connect', label: 'Connect', icon: 'connect' },
    { to: '/scans', label: 'Scans', icon: 'scans' },
    { to: '/schedules', label: 'Schedules', icon: 'schedules' },
    { to: '/savings', label: 'Savings', icon: 'savings' },
    { to: '/plans', label: 'Plans', icon: 'plans' },
  ] },
  { group: 'Run', pages: [
    { to: '/access', label: 'Access', icon: 'access' },
    { to: '/audit', label: 'Audit', icon: 'audit' },
    { to: '/webhooks', label: 'Webhooks', icon: 'webhooks' },
    { to: '/operations', label: 'Operations', icon: 'operations' },
    { to: '/developers', label: 'API', icon: 'document' },
  ] },
] as const satisfies { group: string; pages: { to: string; label: string; icon: IconName }[] }[]

export function Navigation({ onGo }: { onGo: () => void }) {
  const path = useRouterState({ select: (state) => state.location.pathname })
  return (
    <Stack gap="xs">
      {pages.map(({ group, pages: members }) => (
        <div key={group} role="group" aria-label={group}>
          {members.map(({ to, label, icon }) => {
            const isHere = to === '/' ? path === '/' : path === to || path.startsWith(`${to}/`)
            return (
              <Link key={to} to={to} onClick={onGo} aria-current={isHere ? 'page' : undefined}><Icon name={icon} />{label}</Link>
            )
          })}
        </div>
      ))}
    </Stack>
  )
}

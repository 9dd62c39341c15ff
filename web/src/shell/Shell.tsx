import { Box, Burger, Group, Text } from '@mantine/core'
import { useDisclosure, useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { Navigate, Outlet, useNavigate, useRouter } from '@tanstack/react-router'
import { Suspense, useEffect } from 'react'
import { queries } from '../api/queries'
import { isSignedOut, onSessionEnded, whoQuery } from '../api/session'
import { Failed, Loading } from '../ui/States'
import { AccountSwitch } from './AccountSwitch'
import { Navigation } from './Navigation'
import { OfAccount } from './OfAccount'
import { Person } from './Person'
import { Scheme } from './Scheme'
import { Search } from './Search'
import { Tray } from './Tray'

/** Shell is what stands around every page. It shows none to somebody who is not signed in, and leads back afterwards. */
export function Shell() {
  const who = useQuery(whoQuery)
  const href = useRouter().latestLocation.href
  const [opened, { toggle, close }] = useDisclosure()
  const isPhone = useMediaQuery('(max-width: 47.99em)', undefined, { getInitialValueInEffect: false })
  useSessionEnd()
  if (who.isError && isSignedOut(who.error)) return <Navigate to="/sign-in" search={{ to: href }} replace />
  return (
    <>
      <header className="shell-header">
        <Group gap="xs" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label="Navigation" aria-expanded={opened} />
          <Text fw={700} truncate visibleFrom="sm">Resource Tracker</Text>
        </Group>
        <Group gap="xs" wrap="nowrap" miw={0}>
          {who.data && !isPhone && <AccountSwitch w={{ sm: 150, md: 210 }} />}
          {who.data && <Search />}
          {who.data && <Tray />}
          <Scheme />
          {who.data && <Person who={who.data} />}
        </Group>
      </header>
      <nav className="shell-pages" aria-label="Pages" data-opened={opened || undefined}>
        {who.data && isPhone && <Box mb="xs"><AccountSwitch onChosen={close} /></Box>}
        <Navigation onGo={close} />
      </nav>
      <main className="shell-page">
        {who.isError ? <Failed error={who.error} again={() => void who.refetch()} />
          : who.data ? <><OfAccount /><Suspense fallback={<Loading what="the page" height={320} />}><Outlet /></Suspense></>
            : <Loading what="who is signed in" height={320} />}
      </main>
    </>
  )
}

/** useSessionEnd leads to the sign-in page when the session has ended under way. */
function useSessionEnd() {
  const navigate = useNavigate()
  const router = useRouter()
  useEffect(() => onSessionEnded(() => {
    const to = router.latestLocation.href
    queries.clear()
    void navigate({ to: '/sign-in', search: { to }, replace: true })
  }), [navigate, router])
}

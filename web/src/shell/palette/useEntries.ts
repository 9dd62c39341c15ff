import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { ofAccount, useAccount } from '../../api/account'
import { type Permission, useWho } from '../../api/session'
import { tracker } from '../../api/tracker'
import { keyOf, quoted } from '../../pages/inventory/key'
import { money, words } from '../../ui/format'
import { pages } from '../Navigation'
import { useSignOut } from '../useSignOut'

export interface Entry { key: string; label: string; hint: string; go: () => void }

const shown = 8

/** useEntries are the entries that a text finds. What the server is asked for is asked when nothing has been typed for a moment. */
export function useEntries(text: string): { entries: Entry[]; note?: string } {
  const sought = text.trim()
  const [settled] = useDebouncedValue(sought, 200)
  const account = useAccount()
  const resources = useQuery({
    queryKey: ['inventory', 'palette', account, settled],
    queryFn: ({ signal }) => tracker.inventory.page({ ...ofAccount(account), filter: `name~${quoted(settled)} or id~${quoted(settled)}`, limit: shown, sort: '-cost' }, { signal }),
    enabled: settled.length > 1,
  })
  const navigate = useNavigate()
  const own = useOwn().filter((entry) => entry.label.toLowerCase().includes(sought.toLowerCase()))
  if (settled.length < 2) return { entries: own }
  const found = (resources.data?.resources ?? []).map((one): Entry => ({
    key: keyOf(one), label: one.resource_name ?? one.resource_id, hint: `${words(one.resource_type)}, ${one.region}, ${money(one.estimated_cost_monthly)}`,
    go: () => void navigate({ to: '/inventory', search: { resource: keyOf(one) } }),
  }))
  const all: Entry = {
    key: 'all', label: `All resources with “${settled}”`, hint: 'Inventory', go: () => void navigate({ to: '/inventory', search: { filter: `name~${quoted(settled)} or id~${quoted(settled)}` } }),
  }
  const entries = [...own, ...found, ...(resources.data?.next_cursor ? [all] : [])]
  if (resources.isError) return { entries, note: 'Resources could not be looked for: the server did not answer.' }
  if (resources.isPending || settled !== sought) return { entries, note: 'Looking for resources' }
  return { entries, note: entries.length === 0 ? `Nothing${account ? ` in ${account}` : ''} is called so` : account && `Resources of ${account} alone` }
}

/** useOwn are the pages, and the verbs of whoever is signed in. */
function useOwn(): Entry[] {
  const navigate = useNavigate()
  const who = useWho()
  const signOut = useSignOut()
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme('light') === 'dark' ? 'light' : 'dark'
  const verbs: [label: string, needs: Permission | undefined, go: () => unknown][] = [
    ['Start a scan', 'scan', () => navigate({ to: '/scans', search: { new: 'yes' } })],
    ['Connect an account', 'scan', () => navigate({ to: '/connect' })],
    ['Add a schedule', 'schedule', () => navigate({ to: '/schedules', search: { new: 'yes' } })],
    ['Add a budget', 'schedule', () => navigate({ to: '/budgets', search: { new: 'yes' } })],
    ['Plan savings', 'plan', () => navigate({ to: '/savings', search: { counted: 'true' } })],
    ['Make an API key', 'manage', () => navigate({ to: '/access', search: { tab: 'keys' } })],
    [`Switch to ${other} colours`, undefined, () => setColorScheme(other)],
    ['Sign out', undefined, signOut],
  ]
  return [
    ...pages.flatMap((group) => group.pages.map(({ to, label }): Entry => ({ key: to, label, hint: 'Page', go: () => void navigate({ to }) }))),
    ...verbs.filter(([, needs]) => needs === undefined || who?.permissions.includes(needs)).map(([label, , go]): Entry => ({ key: label, label, hint: 'Verb', go: () => void go() })),
  ]
}

import { useQuery } from '@tanstack/react-query'
import { useAccounts } from '../api/account'
import { tracker } from '../api/tracker'

/**
 * useKnownAccounts are the accounts that are registered, and those that the inventory has resources of, by name and ID. Where only one is to be named, the
 * registered ones will do.
 */
export function useKnownAccounts(isWanted: boolean, hasOne: boolean) {
  const registered = useAccounts(isWanted || hasOne)
  const seen = useQuery({
    queryKey: ['inventory', 'accounts'], enabled: isWanted, staleTime: 60_000,
    queryFn: ({ signal }) => tracker.inventory.facets({ facet: ['account'], top: 1_000 }, { signal }),
  })
  const names = new Map<string, string[]>()
  for (const { account_id, name } of registered.data ?? []) names.set(account_id, [...names.get(account_id) ?? [], name])
  for (const { keys: [id] } of seen.data?.facets[0]?.groups ?? []) if (id && !names.has(id)) names.set(id, [])
  const accounts = [...names].map(([value, called]) => ({ value, label: called.length > 0 ? `${called.join(', ')} (${value})` : value }))
  accounts.sort((a, b) => a.label.localeCompare(b.label))
  return { accounts, isPending: registered.isPending || seen.isPending, isError: registered.isError || seen.isError }
}

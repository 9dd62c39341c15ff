import { useQuery } from '@tanstack/react-query'
import { tracker } from './tracker'

/** useAccounts are the accounts that are registered with the server. */
export const useAccounts = () => useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => tracker.accounts.list({}, { signal }).all(1_000) })

/**
 * useAccountName answers by which name an account is registered. A plan enters the account by it; of one that is not registered the server uses its own
 * identity, where it may.
 */
export function useAccountName(): (accountId: string | undefined) => string | undefined {
  const accounts = useAccounts()
  return (accountId) => accounts.data?.find((one) => one.account_id === accountId)?.name
}

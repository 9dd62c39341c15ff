import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { tracker } from './tracker'

/** useAccounts are the accounts that are registered with the server. */
export const useAccounts = (isWanted = true) => useQuery({ queryKey: ['accounts'], queryFn: ({ signal }) => tracker.accounts.list({}, { signal }).all(1_000), enabled: isWanted })

/**
 * useAccountName answers by which name an account is registered. A plan enters the account by it; of one that is not registered the server uses its own
 * identity, where it may.
 */
export function useAccountName(): (accountId: string | undefined) => string | undefined {
  const accounts = useAccounts()
  return (accountId) => accounts.data?.find((one) => one.account_id === accountId)?.name
}

/** isAccount says whether a text is the ID of an AWS account. */
export const isAccount = (text: unknown): text is string => typeof text === 'string' && /^\d{12}$/.test(text)

/** useAccount is the account that is chosen in the shell. Undefined is all of them. */
export const useAccount = (): string | undefined => useSearch({ strict: false, select: ({ account }) => (isAccount(account) ? account : undefined) })

/** ofAccount narrows a question to an account. It holds beside any filter, one in JSON too. */
export const ofAccount = (account: string | undefined): { account_id?: string } => (account ? { account_id: account } : {})

import { Text } from '@mantine/core'
import { useAccount } from '../api/account'

/** AllAccounts stands by what is of all accounts on a page that is of one. It is nothing where none is chosen. */
export function AllAccounts({ children }: { children?: string }) {
  return useAccount() ? <Text size="sm" fw={600}>{children ?? 'Of all accounts.'}</Text> : null
}

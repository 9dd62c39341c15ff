import { Group, Text } from '@mantine/core'
import { useRouterState } from '@tanstack/react-router'
import { useAccount, useAccounts } from '../api/account'
import { To } from '../ui/To'

/** narrowed are the pages whose data are those of the account that is chosen. What they show of all accounts says so at its place. */
const narrowed = ['/', '/inventory', '/diff', '/costs', '/savings', '/scans', '/plans', '/schedules']

/** OfAccount says on every page whether it is of the account that is chosen, so that no figure of all accounts is taken for that of one. */
export function OfAccount() {
  const account = useAccount()
  const registered = useAccounts(account !== undefined)
  const path = useRouterState({ select: (state) => state.location.pathname })
  if (!account) return null
  const name = registered.data?.find((one) => one.account_id === account)?.name
  const called = name ? `${name} (${account})` : account
  return (
    <Group gap="xs" mb="sm" role="note" aria-label="Account">
      <Text size="sm">{narrowed.includes(path) ? <>Of the account <b>{called}</b> alone.</> : <>Of all accounts: this page is not narrowed to {called}.</>}</Text>
      <To to="." search={(now) => ({ ...now, account: undefined })} size="sm">Show all accounts</To>
    </Group>
  )
}

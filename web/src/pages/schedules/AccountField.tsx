import { MultiSelect, Select } from '@mantine/core'
import { useAccounts } from '../../api/account'
import { Failed } from '../../ui/States'
import type { FieldsProps } from './ScheduleForm'

const ownIdentity = 'That of the server\'s own identity'

/** AccountField says which accounts a schedule enters: those that are registered with the server. It takes no keys. */
export function AccountField({ draft, set, fault }: FieldsProps) {
  const accounts = useAccounts()
  const names = accounts.data?.map((one) => one.name) ?? []
  const failed = accounts.isError && <Failed error={accounts.error} again={() => void accounts.refetch()} />
  if (draft.kind === 'accounts') {
    return (
      <>
        <MultiSelect label="Accounts" required searchable clearable clearButtonProps={{ 'aria-label': 'Clear the accounts' }} limit={60} data={[...new Set([...names, ...draft.accounts])]} value={draft.accounts}
          onChange={(chosen) => set({ accounts: chosen })} error={fault('accounts')} nothingFoundMessage="No account is registered so" description="Accounts that are registered with the server, each entered by its own role" />
        {failed}
      </>
    )
  }
  const isOrganization = draft.kind === 'organization'
  return (
    <>
      <Select label={isOrganization ? 'Account that lists the organisation' : 'Account'} placeholder={ownIdentity} clearable searchable clearButtonProps={{ 'aria-label': 'Clear the account' }} limit={60} data={names}
        value={draft.account || null} onChange={(account) => set({ account: account ?? '' })} error={(isOrganization && fault('organization')) || fault('account')}
        description={isOrganization ? 'Its management account, or one that may list its accounts. Each active one is entered by the role that the workers know.' : 'Accounts that are registered with the server. A schedule takes no access keys: it would have to keep them.'} />
      {failed}
    </>
  )
}

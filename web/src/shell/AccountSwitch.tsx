import { ComboboxChevron, TextInput, type TextInputProps } from '@mantine/core'
import { lazy, startTransition, useState } from 'react'
import { useAccount } from '../api/account'
import { useKnownAccounts } from './useKnownAccounts'

const AccountSelect = lazy(() => import('./account/AccountSelect'))

export const allAccounts = 'All accounts'

/**
 * AccountSwitch names the account that pages are of, and chooses another. The address holds it, so that it goes along from page to page. What it is chosen
 * from comes once the cursor is in it: until then it stays what it is, and somebody who has gone on is not called back.
 */
export function AccountSwitch({ onChosen, ...place }: { onChosen?: () => void } & Pick<TextInputProps, 'w'>) {
  const account = useAccount()
  const { accounts } = useKnownAccounts(false, account !== undefined)
  const [isWanted, setIsWanted] = useState(false)
  const want = (is: boolean) => startTransition(() => setIsWanted(is))
  if (isWanted) return <AccountSelect {...place} onChosen={onChosen} />
  return (
    <TextInput
      {...place} size="sm" aria-label="Account" role="combobox" aria-expanded={false} aria-haspopup="listbox" readOnly pointer rightSection={<ComboboxChevron />}
      value={account === undefined ? allAccounts : accounts.find((one) => one.value === account)?.label ?? account}
      onFocus={() => want(true)} onBlur={() => want(false)}
    />
  )
}

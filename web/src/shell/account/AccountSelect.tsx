import { Select, type SelectProps } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { isAccount, useAccount } from '../../api/account'
import { count } from '../../ui/format'
import { useKnownAccounts } from '../useKnownAccounts'
import { allAccounts } from '../AccountSwitch'

const all = { value: 'all', label: allAccounts }

/** So many are offered at once. Of more, a part of the name or the ID finds one. */
const offered = 100

/** AccountSelect chooses the account that pages are of. It takes the cursor, and is open, when it comes. */
export default function AccountSelect({ onChosen, ...place }: { onChosen?: () => void } & Pick<SelectProps, 'w'>) {
  const account = useAccount()
  const navigate = useNavigate()
  const [isOpen, setIsOpen] = useState(true)
  const [sought, setSought] = useState('')
  const { accounts, isPending, isError } = useKnownAccounts(isOpen, account !== undefined)
  const options = [all, ...accounts]
  // What nobody has registered or seen can be chosen too: pages then say that nothing is known of it.
  for (const id of [account, sought.trim()]) {
    if (isAccount(id) && !options.some((one) => one.value === id)) options.push({ value: id, label: id })
  }
  const choose = (value: string | null) => {
    onChosen?.()
    void navigate({ to: '.', search: (now) => ({ ...now, account: value === null || value === all.value ? undefined : value }) })
  }
  return (
    <Select
      {...place} size="sm" aria-label="Account" data={options} value={account ?? all.value} onChange={choose} allowDeselect={false} searchable maxLength={128}
      withScrollArea={false} classNames={{ options: 'scroll' }} styles={{ options: { maxHeight: 360 } }}
      filter={found} onSearchChange={setSought} autoFocus defaultDropdownOpened onFocus={(event) => event.currentTarget.select()} onDropdownOpen={() => setIsOpen(true)}
      nothingFoundMessage={isError ? 'The accounts could not be asked for. An ID of 12 digits can be typed.' : isPending ? 'Asking for the accounts' : 'No account is called so'}
      comboboxProps={{ width: 300, position: 'bottom-end' }}
    />
  )
}

/** found are the options that a text finds, as many as can be looked through, and how many more there are. */
const found: SelectProps['filter'] = ({ options, search }) => {
  const text = search.trim().toLowerCase()
  const matching = options.filter((one) => 'label' in one && one.label.toLowerCase().includes(text))
  if (matching.length <= offered) return matching
  return [...matching.slice(0, offered), { value: 'more', label: `and ${count(matching.length - offered)} more: type a part of one`, disabled: true }]
}

import { Button, Text, type ButtonProps } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { useAccount, useCalled } from '../../api/account'

const Accounts = lazy(() => import('./Accounts'))

/**
 * AccountSwitch chooses the account that pages are of. The address holds it, so that it goes along from page to page. Until it is wanted, it is a button: a
 * first page does without the list.
 */
export function AccountSwitch({ onChosen, w }: { onChosen?: () => void } & Pick<ButtonProps, 'w'>) {
  const account = useAccount()
  const called = useCalled(account) ?? 'All accounts'
  const navigate = useNavigate()
  const [state, setState] = useState<'closed' | 'open' | 'left'>('closed')
  const choose = (chosen: string | undefined) => {
    onChosen?.()
    void navigate({ to: '.', search: (now) => ({ ...now, account: chosen }) })
  }
  const button = (
    <Button w={w} variant="default" size="sm" justify="start" aria-label={`Account: ${called}`} aria-haspopup="listbox" aria-expanded={state === 'open'}
      autoFocus={state === 'left'} onClick={() => setState('open')}>
      <Text size="sm" truncate>{called}</Text>
    </Button>
  )
  if (state !== 'open') return button
  return <Suspense fallback={button}><Accounts w={w} account={account} onChoose={choose} onClose={(hadFocus) => setState(hadFocus ? 'left' : 'closed')} /></Suspense>
}

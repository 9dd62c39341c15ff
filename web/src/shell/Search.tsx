import { Button, Kbd } from '@mantine/core'
import { useDisclosure, useHotkeys } from '@mantine/hooks'
import { lazy, Suspense } from 'react'

const Palette = lazy(() => import('./palette/Palette'))

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)

/** Search opens the palette, also by Ctrl-K wherever the cursor is. */
export function Search() {
  const [opened, { open, close }] = useDisclosure()
  useHotkeys([['mod+K', open]], [])
  return (
    <>
      <Button variant="default" size="sm" onClick={open} aria-keyshortcuts="Control+K" rightSection={<Kbd size="xs" visibleFrom="sm">{isMac ? '⌘' : 'Ctrl'} K</Kbd>}>Go to</Button>
      {opened && <Suspense><Palette onClose={close} /></Suspense>}
    </>
  )
}

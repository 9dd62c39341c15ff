import { type ReactNode, useId, useState } from 'react'

/** Floating is what a button of the header shows below it, until somebody goes on: to a link in it, or elsewhere. */
export function Floating({ name, of, children }: { name: string; of: (popover: { popoverTarget: string }) => ReactNode; children: ReactNode }) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      {of({ popoverTarget: id })}
      <div
        id={id} popover="auto" role="group" aria-label={name} className="floating" onBeforeToggle={(event) => setIsOpen(event.newState === 'open')}
        onClick={(event) => { if ((event.target as Element).closest('a, button')) event.currentTarget.hidePopover() }}
      >
        {isOpen && children}
      </div>
    </>
  )
}

import { type ReactNode, useState } from 'react'

/** Folded is what is shown once it is asked for, and drawn no sooner: many rows that nobody reads take longer than the page around them. */
export function Folded({ summary, children }: { summary: ReactNode; children: () => ReactNode }) {
  const [isOpen, setIsOpen] = useState(false)
  return (
    <details onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>{summary}</summary>
      {isOpen && children()}
    </details>
  )
}

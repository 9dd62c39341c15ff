import type { ReactNode } from 'react'

/** Frame holds a table that may be wider than the screen: it scrolls, also by the keyboard, and has a name. */
export function Frame({ name, width, children }: { name: string; width: number; children: ReactNode }) {
  return <div className="frame" tabIndex={0} role="region" aria-label={name}><div style={{ minWidth: width }}>{children}</div></div>
}

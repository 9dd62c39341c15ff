import type { ReactNode } from 'react'
import { money, plural } from './format'

export interface Bar {
  key: string
  /** What it is of, as a link to the list behind it. */
  name: ReactNode
  value: number
  /** Of the value, what is at the price of another region. */
  apart?: number
  /** Resources whose cost is not known. No value has them. */
  unknown?: number
  note?: ReactNode
}

/** Bars draws what costs how much, the dearest first. What is at another region's price is hatched; what is of unknown cost stands beside the bar. */
export function Bars({ label, bars }: { label: string; bars: Bar[] }) {
  const most = Math.max(...bars.map((bar) => bar.value), 0) || 1
  return (
    <ul className="bars" aria-label={label}>
      {bars.map(({ key, name, value, apart = 0, unknown = 0, note }) => (
        <li key={key}>
          <span className="bars-name">{name}</span>
          <span className="bars-figure">{money(value)}{note && <> {note}</>}</span>
          <span className="bars-line" title={`${money(value)}${apart > 0 ? `, of it ${money(apart)} at the price of another region` : ''}${unknown > 0 ? `, without ${plural(unknown, 'resource')} of unknown cost` : ''}`}>
            <span className="bars-known" style={{ width: `${(94 * (value - apart)) / most}%` }} />
            <span className="bars-apart" style={{ width: `${(94 * apart) / most}%` }} />
            {unknown > 0 && <span className="bars-unknown" />}
          </span>
        </li>
      ))}
    </ul>
  )
}

/** BarsLegend says what the parts of a bar mean. */
export function BarsLegend() {
  return (
    <div className="bars-legend">
      <span><span className="bars-known" /> list price</span>
      <span><span className="bars-apart" /> price of another region</span>
      <span><span className="bars-unknown" /> more, of unknown cost</span>
    </div>
  )
}

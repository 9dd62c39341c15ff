const dollars = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD' })
const whole = new Intl.NumberFormat()
const shares = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })
const days = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' })
const ago = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' })

/** zone is the time zone that moments are shown in. */
export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone

/** money is US dollars. What is not known is said, and never 0. */
export const money = (value: number | null | undefined): string => (value == null ? 'not known' : dollars.format(value))

/** change is a difference of money, with its sign. */
export const change = (value: number | null): string => (value == null ? 'not known' : (value > 0 ? '+' : '') + dollars.format(value))

export const count = (value: number): string => whole.format(value)

/** share rounds down near the whole: 100 % is said of all only. */
export const share = (value: number | null): string =>
  value == null ? 'nothing seen' : shares.format(value < 1 ? Math.min(value, 0.999) : value)

export const moment = (value: string | null | undefined): string => (value ? moments.format(new Date(value)) : 'never')

export const day = (value: string): string => days.format(new Date(value))

const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]]

export function since(value: string | null | undefined): string {
  if (!value) return 'never'
  const seconds = (Date.parse(value) - Date.now()) / 1000
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return ago.format(Math.round(seconds / size), unit)
  }
  return 'just now'
}

/** words makes a name of the API readable: unattached_volume, EC2_Instance. */
export const words = (name: string): string => name.replaceAll('_', ' ')

export const plural = (n: number, one: string, many = one + 's'): string => `${count(n)} ${n === 1 ? one : many}`

import type { Schemas } from '@consolesensei/resource-tracker'
import { count, plural } from '../../ui/format'

/** bytes are megabytes in words; null is not known. */
export const bytes = (n: number | null): string => (n === null ? 'not known' : `${count(Math.max(1, Math.round(n / 1_048_576)))} MB`)

/** ago is a time in its largest unit. */
export function ago(seconds: number): string {
  if (seconds < 60) return plural(Math.round(seconds), 'second')
  if (seconds < 7200) return plural(Math.round(seconds / 60), 'minute')
  return seconds < 172_800 ? plural(Math.round(seconds / 3600), 'hour') : plural(Math.round(seconds / 86_400), 'day')
}

/** known is a figure, or that it is not known. */
export const known = (n: number | null): string => (n === null ? 'not known' : count(n))

/** isMaster says whether a node takes writes; one whose role is not known does. */
export const isMaster = (node: Schemas['RedisNode']): boolean => node.role !== 'replica'

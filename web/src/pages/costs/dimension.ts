import type { Schemas } from '@consolesensei/resource-tracker'
import { words } from '../../ui/format'
import { selects } from '../inventory/conditions'

/** basics are the dimensions of every resource. Beside them there is each key of a tag, as tag:KEY. */
export const basics = ['service', 'type', 'region', 'account']

const tagOf = (dimension: string): string | undefined => (dimension.startsWith('tag:') ? dimension.slice(4) : undefined)

export const nameOfDimension = (dimension: string): string => {
  const tag = tagOf(dimension)
  return tag === undefined ? dimension : `tag ${tag}`
}

/** nameOfKey is what a group has in common, for reading. */
export const nameOfKey = (dimension: string, key: string | null): string =>
  key === null ? `without ${nameOfDimension(dimension)}` : key === '' ? 'empty' : dimension === 'type' ? words(key) : key

/** TypesOf are the types of a service, as the catalogue has them. A filter knows services by ARNs, which may name another. */
export type TypesOf = (service: string) => string[]

/** conditionOf selects exactly the resources that are counted under a key. */
export const conditionOf = (dimension: string, key: string | null, typesOf: TypesOf): string =>
  dimension === 'service' ? selects('type', typesOf(key ?? '')) : selects(dimension, [key])

/** within adds conditions to a filter, which may be joined with or. */
export const within = (filter: string | undefined, ...conditions: string[]): string =>
  [...(filter ? [/\bor\b/i.test(filter) ? `(${filter})` : filter] : []), ...conditions].join(' ')

/** Part is what a group costs, with what is not of the prices of its own region apart. */
export interface Part { keys: (string | null)[]; resources: number; total: number; otherRegion: number; unknown: number }

/** partsOf adds up groups whose last key is the basis of the cost, by the first keys; those that cost most first. */
export function partsOf(groups: Schemas['Group'][], keys: number): Part[] {
  const parts = new Map<string, Part>()
  for (const group of groups) {
    const own = group.keys.slice(0, keys)
    const name = JSON.stringify(own)
    const part = parts.get(name) ?? { keys: own, resources: 0, total: 0, otherRegion: 0, unknown: 0 }
    part.resources += group.resources
    part.total += group.estimated_monthly_total
    part.unknown += group.resources_with_unknown_cost
    if (group.keys.at(-1) === 'other_region') part.otherRegion += group.estimated_monthly_total
    parts.set(name, part)
  }
  return [...parts.values()].sort((a, b) => b.total - a.total || b.resources - a.resources)
}

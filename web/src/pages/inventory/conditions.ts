import { quoted } from './key'

/** Token is a part of a filter between spaces, outside of quotes and parentheses, and where it stands. */
export interface Token { text: string; from: number; to: number }

/** tokens are the parts of a filter. A parenthesis that is closed is one with all that is in it. */
export function tokens(filter: string): Token[] {
  const found: Token[] = []
  let from = -1
  let depth = 0
  let isQuoted = false
  for (let at = 0; at <= filter.length; at++) {
    const sign = filter[at]
    if (sign === undefined || (!isQuoted && depth === 0 && /\s/.test(sign))) {
      if (from >= 0) found.push({ text: filter.slice(from, at), from, to: at })
      from = -1
      continue
    }
    if (from < 0) from = at
    if (isQuoted && sign === '\\') at++
    else if (sign === '"') isQuoted = !isQuoted
    else if (!isQuoted && sign === '(') depth++
    else if (!isQuoted && sign === ')') depth = Math.max(0, depth - 1)
  }
  return found
}

const plain = /^[^\s(),"*\p{Cc}]+$/u

/** written is a value as the filter language takes it, with quotes only where it needs them. */
export const written = (value: string): string => (plain.test(value) ? value : quoted(value))

/** writtenKey is the key of a tag as the filter language takes it. */
export const writtenKey = (key: string): string => (/^[^\s(),"*=~!<>\p{Cc}]+$/u.test(key) ? key : quoted(key))

/** selects is the condition that a field, such as type or tag:owner, has one of the values. Null is that it has none. */
export function selects(field: string, values: (string | null)[]): string {
  const name = field.startsWith('tag:') ? `tag:${writtenKey(field.slice(4))}` : field
  if (values.includes(null)) return `${name}!`
  return `${name}${field.startsWith('tag:') ? '=' : ':'}${values.map((value) => written(value ?? '')).join(',')}`
}

/** isAlternatives says whether a filter is one of several as a whole, so that nothing can be put beside it without parentheses. */
const isAlternatives = (parts: Token[]): boolean => parts.some((part) => /^(or|not|and|-)$/i.test(part.text))

const isJSON = (filter: string): boolean => filter.trimStart().startsWith('{')

/** withCondition is a filter that asks for one condition more. */
export function withCondition(filter: string | undefined, condition: string): string {
  const text = filter?.trim() ?? ''
  if (text === '') return condition
  if (isJSON(text)) return text
  const parts = tokens(text)
  if (parts.some((part) => part.text === condition)) return text
  return isAlternatives(parts) ? `(${text}) ${condition}` : `${text} ${condition}`
}

/** canAdd says whether conditions can be put beside a filter: to one in JSON they can not. */
export const canAdd = (filter: string | undefined): boolean => !isJSON(filter ?? '')

/** chosenOf are the values that a filter has chosen of a field by a condition of its own. */
export function chosenOf(filter: string | undefined, field: string): string[] {
  const own = ownOf(filter, field)
  return own ? valuesOf(own.text.slice(field.length + 1)) : []
}

/** without is a filter that does not choose values of a field. */
export function without(filter: string | undefined, field: string): string | undefined {
  const own = ownOf(filter, field)
  if (!own || filter === undefined) return filter
  return `${filter.slice(0, own.from).trimEnd()} ${filter.slice(own.to).trimStart()}`.trim() || undefined
}

/** toggled is a filter with one value of a field more or less chosen. */
export function toggled(filter: string | undefined, field: string, value: string): string | undefined {
  const chosen = chosenOf(filter, field)
  const next = chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]
  const rest = without(filter, field)
  return next.length === 0 ? rest : withCondition(rest, selects(field, next))
}

/** ownOf is the one condition by which a filter chooses values of a field, where all of it must hold. */
function ownOf(filter: string | undefined, field: string): Token | undefined {
  if (filter === undefined || isJSON(filter)) return undefined
  const parts = tokens(filter)
  if (isAlternatives(parts)) return undefined
  const own = parts.filter((part) => part.text.startsWith(`${field}:`) && !/\*/.test(part.text))
  return own.length === 1 ? own[0] : undefined
}

function valuesOf(list: string): string[] {
  return [...list.matchAll(/"((?:[^"\\]|\\.)*)"|([^,]+)/g)].map((one) => one[1]?.replace(/\\(.)/g, '$1') ?? one[2] ?? '')
}

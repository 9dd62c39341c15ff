import { quoted } from './key'
import { written, writtenKey } from './conditions'

/** Choice is something that can stand where the caret is, from its begin to the caret. */
export interface Choice { insert: string; label: string; says: string }

/** Place is what a filter has at the caret: the begin of a condition, a tag's key, or a value of a field. */
export type Place =
  | { kind: 'field'; from: number; typed: string }
  | { kind: 'key'; from: number; typed: string }
  | { kind: 'test'; from: number; typed: string; field: string }
  | { kind: 'value'; from: number; typed: string; field: string }

const fields: Choice[] = [
  { insert: 'type:', label: 'type:', says: 'such as EBS_Volume' }, { insert: 'service:', label: 'service:', says: 'such as ec2' },
  { insert: 'region:', label: 'region:', says: 'such as eu-west-1' }, { insert: 'account:', label: 'account:', says: 'twelve digits' },
  { insert: 'state:', label: 'state:', says: 'such as stopped' }, { insert: 'tag:', label: 'tag:', says: 'a tag, its value after =' },
  { insert: 'cost>', label: 'cost>', says: 'dollars a month' }, { insert: 'age>', label: 'age>', says: 'since it was created, such as 90d' },
  { insert: 'created<', label: 'created<', says: 'a day, such as 2026-01-31' }, { insert: 'name~', label: 'name~', says: 'contains, in any case' },
  { insert: 'id:', label: 'id:', says: 'such as vol-*' }, { insert: 'arn:', label: 'arn:', says: 'the ARN' }, { insert: 'meta.', label: 'meta.', says: 'metadata, such as meta.size_gb>100' },
  { insert: 'or ', label: 'or', says: 'one or the other' }, { insert: 'not ', label: 'not', says: 'what follows must not hold' },
]

const compared = (field: string, ...more: Choice[]): Choice[] => [
  { insert: `${field}>`, label: `${field}>`, says: 'more than' }, { insert: `${field}>=`, label: `${field}>=`, says: 'so much or more' },
  { insert: `${field}<`, label: `${field}<`, says: 'less than' }, { insert: `${field}<=`, label: `${field}<=`, says: 'so much or less' }, ...more,
]
const known = (field: string): Choice[] => [
  { insert: `${field}:known`, label: `${field}:known`, says: 'is known' }, { insert: `${field}:unknown`, label: `${field}:unknown`, says: 'is not known' },
]
const tested = (field: string, is: string): Choice[] => [
  { insert: `${field}${is}`, label: `${field}${is}`, says: 'is' }, { insert: `${field}!=`, label: `${field}!=`, says: 'is not' },
  { insert: `${field}~`, label: `${field}~`, says: 'contains' }, { insert: `${field}!`, label: `${field}!`, says: 'is not there' },
]

/** placeOf reads backwards from the caret to what is being written there. */
export function placeOf(text: string, caret: number): Place | undefined {
  if (text.trimStart().startsWith('{')) return undefined
  const before = text.slice(0, caret)
  const part = /(?:"(?:[^"\\]|\\.)*"?|[^\s()"])*$/.exec(before)![0]
  const at = caret - part.length
  const condition = part.replace(/^-+/, '')
  const from = at + part.length - condition.length
  const tag = /^tag:("(?:[^"\\]|\\.)*"|[^\s=~!<>"]*)/.exec(condition)
  if (tag) {
    const rest = condition.slice(tag[0].length)
    const key = tag[1]!.startsWith('"') ? tag[1]!.slice(1, -1).replace(/\\(.)/g, '$1') : tag[1]!
    const test = /^(!=|=)/.exec(rest)
    if (rest === '') return { kind: 'key', from: from + 4, typed: tag[1]! }
    return test ? value(`tag:${key}`, rest.slice(test[0].length), caret) : undefined
  }
  const named = /^([a-z]+)(!=|:|=)(.*)$/is.exec(condition)
  if (named) return value(named[1]!.toLowerCase(), named[3]!, caret)
  if (!/^[a-z]*$/i.test(condition)) return undefined
  const field = condition.toLowerCase()
  if (choices(field).length > 0) return { kind: 'test', from, typed: condition, field }
  return { kind: 'field', from, typed: condition }
}

/** value is the last one of a list of values. */
function value(field: string, list: string, caret: number): Place {
  const typed = /(?:"(?:[^"\\]|\\.)*"?|[^,"])*$/.exec(list)![0]
  return { kind: 'value', field, from: caret - typed.length, typed }
}

function choices(field: string): Choice[] {
  if (field === 'cost' || field === 'created') return compared(field, ...known(field))
  if (field === 'age') return compared(field)
  return ['type', 'service', 'region', 'account', 'state', 'id', 'name', 'arn'].includes(field) ? tested(field, ':') : []
}

/** hasValues says whether the server can tell the values of a field. */
export const hasValues = (field: string): boolean => field.startsWith('tag:') || ['type', 'service', 'region', 'account', 'state'].includes(field)

export interface Known { value: string; says: string }

/** completions are what can stand at a place, of what the server knows of it. What is typed already needs none. */
export function completions(place: Place | undefined, values: Known[], keys: Known[]): Choice[] {
  if (!place) return []
  const typed = place.typed.replace(/^"/, '').toLowerCase()
  const fits = (one: Known) => one.value.toLowerCase().includes(typed)
  switch (place.kind) {
    case 'field':
      return fields.filter((one) => one.insert.startsWith(typed))
    case 'test':
      return choices(place.field)
    case 'key': {
      const own = keys.find((one) => writtenKey(one.value) === place.typed)
      if (own) return tested(writtenKey(own.value), '=')
      return keys.filter(fits).slice(0, 50).map((one) => ({ insert: `${writtenKey(one.value)}=`, label: one.value, says: one.says }))
    }
    case 'value': {
      const all = place.field === 'cost' || place.field === 'created' ? [{ value: 'known', says: '' }, { value: 'unknown', says: '' }] : values
      return all.filter((one) => one.value !== '' && fits(one) && written(one.value) !== place.typed).slice(0, 50)
        .map((one) => ({ insert: place.typed.startsWith('"') ? quoted(one.value) : written(one.value), label: one.value, says: one.says }))
    }
  }
}

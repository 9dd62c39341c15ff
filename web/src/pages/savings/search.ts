import type { Query } from '@consolesensei/resource-tracker'

/** Search is what the address says of the savings: which findings, and by what they are summed up. The account is the one that is chosen in the shell. */
export interface Search { rule?: string; state?: string; confidence?: string; counted?: string; by?: string; account?: string; region?: string; type?: string; tag?: string }

/** Narrow is what the list and its sums are both asked. */
export type Narrow = Omit<Query<'list-live-findings'>, 'cursor' | 'format' | 'group_by' | 'limit' | 'sort'>

/** narrowOf is the question to the API that an address stands for. */
export function narrowOf(search: Search): Narrow {
  return {
    ...(search.state && { state: search.state as Narrow['state'] }), ...(search.rule && { rule: [search.rule] }),
    ...(search.confidence && { confidence: [search.confidence] as Narrow['confidence'] }), ...(search.counted && { counted: search.counted === 'true' }),
    ...(search.account && { account_id: [search.account] }), ...(search.region && { region: [search.region] }),
    ...(search.type && { resource_type: [search.type] }), ...(search.tag && { tag: [search.tag] }),
  }
}

const members = new Map<string, keyof Search>([['rule', 'rule'], ['account', 'account'], ['region', 'region'], ['type', 'type'], ['confidence', 'confidence']])

/** within is the address of the findings of one group. A group of what lacks a tag has none: the API cannot ask for it. */
export function within(search: Search, by: string, key: string): Search | undefined {
  const rest = { ...search, by: undefined }
  if (by.startsWith('tag:')) return key === '' ? undefined : { ...rest, tag: `${by.slice(4)}=${key}` }
  const member = members.get(by)
  return member && key !== '' ? { ...rest, [member]: key } : undefined
}

import type { Schemas } from '@consolesensei/resource-tracker'

/** keyOf names a resource of the inventory, and there is no other of the name. */
export const keyOf = (one: Pick<Schemas['InventoryResource'], 'account_id' | 'region' | 'resource_type' | 'resource_id'>): string =>
  `${one.account_id}/${one.region}/${one.resource_type}/${one.resource_id}`

/** quoted is a text as a filter takes it, whatever is in it. */
export const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

/** filterOf selects what a key names. An ID may hold slashes. */
export function filterOf(key: string): string {
  const [account = '', region = '', type = '', ...id] = key.split('/')
  return `account:${quoted(account)} region:${quoted(region)} type:${quoted(type)} id:${quoted(id.join('/'))}`
}

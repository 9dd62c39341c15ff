import { Text } from '@mantine/core'
import { count } from './format'

interface Row { account_unknown?: boolean }

/** AccountUnknown stands by a list of one account that has rows of which nobody knows whether they are of it. It is nothing where there are none. */
export function AccountUnknown({ rows, children }: { rows: Row[]; children: string }) {
  const unknown = rows.filter((row) => row.account_unknown).length
  return unknown > 0 ? <Text size="sm" role="note" aria-label="May be of others"><b>{count(unknown)} of them may be of another account.</b> {children}</Text> : null
}

/** MayBeOfAnother marks such a row. */
export function MayBeOfAnother({ row }: { row: Row }) {
  return row.account_unknown ? <Text size="xs" fw={600}>account not known</Text> : null
}

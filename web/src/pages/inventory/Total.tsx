import type { Schemas } from '@consolesensei/resource-tracker'
import { Text } from '@mantine/core'
import { count, moment, money, plural } from '../../ui/format'

/** Total is how many resources the filter selects and what they cost, as the server counts them, with what that sum lacks. */
export function Total({ total, coverage, at }: { total: Schemas['Count']; coverage: Schemas['Coverage']; at: string }) {
  const unknown = total.resources_with_unknown_cost
  const missing = coverage.stale + coverage.unknown
  return (
    <Text size="sm" role="status">
      <b>{plural(total.resources, 'resource')}</b>, <b>{money(total.estimated_monthly_total)}</b> a month
      {unknown > 0 && <> without the {count(unknown)} whose cost is not known</>}
      {missing > 0 && <>; {plural(missing, 'cell')} not known now</>}, as of {moment(at)}
    </Text>
  )
}

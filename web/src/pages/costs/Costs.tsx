import type { Schemas } from '@consolesensei/resource-tracker'
import { Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ofAccount, useAccount } from '../../api/account'
import { useTypes } from '../../api/jobs'
import { tracker } from '../../api/tracker'
import { Partial } from '../../ui/Partial'
import { Asked, Empty, Heading } from '../../ui/States'
import { Anomalies } from './Anomalies'
import { Billed } from './Billed'
import { Controls } from './Controls'
import type { TypesOf } from './dimension'
import { Groups } from './Groups'
import { Totals } from './Totals'
import { Trend } from './Trend'

/** Costs is what costs how much, by any two dimensions, how that went day by day, what stood out, and what AWS billed of it. The address holds the choice. */
export default function Costs() {
  const search = useSearch({ from: '/shell/costs' })
  const navigate = useNavigate({ from: '/costs' })
  const by = search.by ?? 'service'
  const then = search.then ?? (by === 'type' ? 'region' : 'type')
  const days = search.days ?? '30'
  const dimensions = then === 'none' || then === by ? [by] : [by, then]
  const account = useAccount()
  const { filter } = search
  const groups = useQuery({
    queryKey: ['inventory', 'groups', account, dimensions.join(), filter],
    queryFn: ({ signal }) => tracker.inventory.groups({ ...ofAccount(account), by: [...dimensions, 'basis'], filter, top: 10_000 }, { signal }),
    refetchInterval: (query) => ((query.state.data?.pending_scans.length ?? 0) > 0 ? 3_000 : false),
  })
  const isByService = dimensions.includes('service')
  const types = useTypes(isByService)
  const shown = (data: Schemas['GroupsAnswer'], typesOf: TypesOf) => <Groups data={data} dimensions={dimensions} filter={filter} typesOf={typesOf} />
  return (
    <Stack gap="md">
      <Heading title="Costs" />
      <Controls by={by} then={then} filter={filter} onChange={(change) => void navigate({ search: (now) => ({ ...now, ...change }) })} />
      <Asked query={groups} what="what costs how much" height={420}>
        {(data) => data.coverage.cells === 0 ? <Empty title="No scan has seen anything yet">{account ? 'Or none has looked at this account.' : filter ? 'Or the filter selects nothing that a scan looks at.' : 'Costs are those of what scans saw.'}</Empty> : (
          <>
            <Partial coverage={data.coverage} pending={data.pending_scans} />
            <Totals data={data} filter={filter} />
            {!isByService ? shown(data, () => []) : (
              <Asked query={types} what="the types of each service" height={420}>
                {(all) => shown(data, (service) => all.types.filter((one) => one.service === service).map((one) => one.type))}
              </Asked>
            )}
          </>
        )}
      </Asked>
      <Trend by={by} days={days} isFiltered={filter !== undefined} onDays={(value) => void navigate({ search: (now) => ({ ...now, days: value }) })} />
      <Anomalies by={by} days={days} />
      <Billed by={by} />
    </Stack>
  )
}

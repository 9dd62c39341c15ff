import { MultiSelect, Stack, TagsInput, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCounted, useTypes } from '../api/jobs'
import { tracker } from '../api/tracker'
import { count, moment, plural } from './format'
import { regionsOf } from './partitions'
import { To } from './To'

/** Scoped is what a scan or an access check looks at. Without regions it is every one that the account has enabled, without services and types all. */
export interface Scoped { regions: string[]; services: string[]; types: string[] }

export const everything: Scoped = { regions: [], services: [], types: [] }

/** asked is a scope as requests carry it: what is not chosen is absent. */
export const asked = (scope: Scoped): Partial<Scoped> => Object.fromEntries(Object.entries(scope).filter(([, chosen]) => (chosen as string[]).length > 0))

/** Scope chooses what to look at. known are the regions to choose from. */
export function Scope({ scope, onChange, known = regionsOf() }: { scope: Scoped; onChange: (scope: Scoped) => void; known?: string[] }) {
  const catalogue = useTypes().data?.types ?? []
  const chosen = (placeholder: string, values: string[]) => (values.length === 0 ? placeholder : '')
  return (
    <Stack gap="sm">
      <TagsInput label="Regions" description="Choose, or type one and press Enter" placeholder={chosen('All that the account has enabled', scope.regions)} data={known} clearable
        clearButtonProps={{ 'aria-label': 'Clear the regions' }} value={scope.regions} onChange={(regions) => onChange({ ...scope, regions })} />
      <MultiSelect label="Services" placeholder={chosen('All', [...scope.services, ...scope.types])} searchable clearable clearButtonProps={{ 'aria-label': 'Clear the services' }}
        data={[...new Set(catalogue.map((one) => one.service))].sort()} value={scope.services} onChange={(services) => onChange({ ...scope, services })} />
      <MultiSelect label="Types, beside those of the services" searchable clearable clearButtonProps={{ 'aria-label': 'Clear the types' }} maxDropdownHeight={220}
        data={catalogue.map((one) => one.type)} value={scope.types} onChange={(types) => onChange({ ...scope, types })} />
    </Stack>
  )
}

interface EstimateProps { scope: Scoped; metrics?: boolean; paidCalls?: number; known?: string[]; registered?: string[] }

/**
 * Estimate says before a scan how many cells it has, and about how many calls to AWS it takes: as many for each cell as the newest scan that has counted its own.
 * Without regions it looks at those that the account is registered with, or else at all that are enabled: known are those that are at first.
 */
export function Estimate({ scope, metrics = false, paidCalls = 0, known = regionsOf(), registered = [] }: EstimateProps) {
  const types = useTypes()
  const quota = useQuery({ queryKey: ['quota'], queryFn: ({ signal }) => tracker.quota({ signal }) })
  if (!types.data) return null
  const all = scope.services.length + scope.types.length === 0
  const chosen = types.data.types.filter((one) => all || scope.services.includes(one.service) || scope.types.includes(one.type))
  const regional = chosen.filter((one) => one.scope === 'regional').length
  const global = chosen.length - regional
  const regions = scope.regions.length || registered.length || known.length
  if (regions === 0) return <Text size="sm">How many regions the account has enabled is not known before the scan.</Text>
  const cells = regional * regions + global
  const bound = quota.data?.find((one) => one.name === 'cells_per_day' && one.limit > 0)
  return (
    <div role="group" aria-label="What it will take">
      <Text size="sm" fw={600}>
        {plural(cells, 'cell')}: {plural(regional, 'regional type')} in {plural(regions, 'region')}{global > 0 && `, ${plural(global, 'global type')} once`}
      </Text>
      <Text size="sm">
        {scope.regions.length === 0 && (registered.length > 0 ? `The account is registered with ${plural(registered.length, 'region')}. ` : `An account has ${plural(known.length, 'region')} enabled at first; those that it has opted in to come on top. `)}
        <Calls cells={cells} />
        {(metrics || paidCalls > 0) && ' Those that AWS charges for come on top.'}
      </Text>
      <Text size="sm">
        {metrics || paidCalls > 0 ? 'AWS charges the account for ' : 'AWS charges for nothing that is chosen here.'}
        {metrics && 'metrics, $0.01 a thousand at list price'}{metrics && paidCalls > 0 && ' and for '}
        {paidCalls > 0 && `at most ${plural(paidCalls, 'call')} to Cost Explorer, $0.01 each`}{(metrics || paidCalls > 0) && '.'}
      </Text>
      {bound && <Text size="sm">{count(bound.used)} of {count(bound.limit)} cells of the quota of today are used.</Text>}
    </div>
  )
}

/** Calls is about how many calls so many cells take, and which scan says so. */
function Calls({ cells }: { cells: number }) {
  const counted = useCounted()
  if (counted.isPending) return <>How many calls that takes is being looked up.</>
  const scan = counted.data
  if (!scan || scan.calls === null) {
    return <>How many calls that takes is not known before a first scan has counted its own{counted.isError && ', or could not be read'}. A cell takes one for each of its lists at the least.</>
  }
  const each = scan.calls / scan.progress.cells_closed
  return (
    <>
      About {plural(Math.ceil(cells * each), 'call')} to AWS: {count(Math.round(each * 10) / 10)} for each cell, as <To to="/scans/$id" params={{ id: scan.job_id }} size="sm">the scan of {moment(scan.created_at)}</To> took
      for {plural(scan.progress.cells_closed, 'cell')}. An account with more resources takes more.
    </>
  )
}

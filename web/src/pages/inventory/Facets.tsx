import { Button, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { count, money, plural, words } from '../../ui/format'
import { Failed, Loading } from '../../ui/States'
import { canAdd, chosenOf, toggled, without } from './conditions'
import { useCounts } from './useInventory'

const facets = [{ field: 'type', name: 'Type' }, { field: 'region', name: 'Region' }, { field: 'account', name: 'Account' }, { field: 'state', name: 'State' }]
const fields = facets.map((facet) => facet.field)

interface FacetsProps { filter?: string; at?: string; onFilter: (filter: string | undefined) => void }

/** Facets count what the filter selects by one thing after the other. A click takes a value into the filter, or out of it. */
export function Facets(props: FacetsProps) {
  return (
    <Stack gap="sm">
      {!canAdd(props.filter) && <Text size="sm">The filter is JSON. Conditions are added to one in the filter language only.</Text>}
      {facets.map((facet) => <Facet key={facet.field} {...facet} {...props} />)}
    </Stack>
  )
}

/** Facet is one of them. What is chosen of it does not narrow its own values, so that a second one can be chosen beside the first. */
function Facet({ field, name, filter, at, onFilter }: { field: string; name: string } & FacetsProps) {
  const chosen = chosenOf(filter, field)
  const isNarrowed = chosen.length > 0
  const [all, setAll] = useState(false)
  // Those that are not narrowed share one request with the total of the page.
  const counts = useCounts(isNarrowed ? without(filter, field) : filter, at, isNarrowed ? [field] : fields, all ? 500 : 8)
  const found = counts.data?.facets.find((one) => one.by[0] === field)
  const values = found?.groups.map((group) => ({ value: group.keys[0] ?? '', resources: group.resources, cost: group.estimated_monthly_total })) ?? []
  // A value that was chosen stays, also where it is none of the costliest.
  const absent = chosen.filter((value) => !values.some((one) => one.value === value)).map((value) => ({ value, resources: undefined, cost: undefined }))
  return (
    <section aria-label={name}>
      <Text fw={600} size="sm">{name}</Text>
      {counts.isError && <Failed error={counts.error} />}
      {counts.isPending && <Loading what={name} height={80} />}
      {found && values.length + absent.length === 0 && <Text size="sm">None</Text>}
      <ul className="facet">
        {[...values, ...absent].map(({ value, resources, cost }) => (
          <li key={value}>
            <button
              type="button" aria-pressed={chosen.includes(value)} disabled={!canAdd(filter)} title={cost === undefined ? undefined : `${money(cost)} a month`}
              onClick={() => onFilter(toggled(filter, field, value))}
            >
              <span>{field === 'type' ? words(value) : value || 'none'}</span> <span>{resources === undefined ? '' : count(resources)}</span>
            </button>
          </li>
        ))}
      </ul>
      {found?.other && !all && <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>All of {name.toLowerCase()}: {count(found.other.resources)} in others</Button>}
      {found?.other && all && <Text size="sm">and {plural(found.other.resources, 'resource')} of others</Text>}
    </section>
  )
}

import { TrackerError, type Schemas } from '@consolesensei/resource-tracker'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { tracker } from '../../api/tracker'
import { filterOf, quoted } from '../inventory/key'

export type Life = Schemas['LifeAnswer']

/** Subject is a resource as the inventory has it. Of one that it does not have, one is as a scan saw it last, and life says since when it is gone. */
export interface Subject { key: string; one: Schemas['Resource']; now?: Schemas['InventoryResource']; life?: Life }

/** useSubject finds the resource of a key. It answers null for one that no scan has seen, or of which nothing is kept. */
export const useSubject = (key: string | undefined) => useQuery({
  queryKey: ['inventory', 'one', key],
  queryFn: async ({ signal }): Promise<Subject | null> => {
    const { resources: [now] } = await tracker.inventory.page({ filter: selects(key!), limit: 1 }, { signal })
    if (now) return { key: key!, one: now, now }
    try {
      const life = await tracker.inventory.historyPage(key!, { limit: 1 }, { signal })
      return { key: key!, one: life.resource, life }
    } catch (error) {
      if (error instanceof TrackerError && error.status === 404) return null
      throw error
    }
  },
  enabled: key !== undefined,
})

/** selects is the filter of a key. Keys of changes and findings say global of every global type, also where its resources have regions. */
function selects(key: string): string {
  const [account = '', region, type = '', ...id] = key.split('/')
  return region === 'global' ? `account:${quoted(account)} type:${quoted(type)} id:${quoted(id.join('/'))}` : filterOf(key)
}

/** useLife is what became of a resource, in pages of its versions. */
export const useLife = (key: string) => useInfiniteQuery({
  queryKey: ['life', key],
  queryFn: ({ pageParam, signal }) => tracker.inventory.historyPage(key, { limit: 20, cursor: pageParam }, { signal }),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (page) => page.next_cursor,
})

/** useOpen opens another resource in the same place: the address of the page names it. */
export function useOpen(): (key: string) => void {
  const navigate = useNavigate()
  return (key) => void navigate({ to: '.', search: (now) => ({ ...now, resource: key }) })
}

import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useCallback, useMemo } from 'react'
import { ofAccount, useAccount } from '../../api/account'
import { tracker } from '../../api/tracker'
import { faultAt } from '../../ui/faults'
import { type Row, rowOf } from './columns'

/** Selection is what the address asks of the inventory. What is counted and listed is beside that of the account that is chosen. */
export interface Selection { filter?: string; sort?: string; at?: string }

/** useRows are the rows that were scrolled to so far. All are of one moment, so nothing is asked for again unless somebody does. */
export function useRows({ filter, sort, at }: Selection) {
  const account = useAccount()
  const pages = useInfiniteQuery({
    queryKey: ['inventory', 'list', account, filter, sort, at],
    queryFn: async ({ pageParam, signal }) => {
      const { resources, ...page } = await tracker.inventory.page({ ...ofAccount(account), filter, sort, at, limit: 200, cursor: pageParam }, { signal })
      return { ...page, rows: resources.map(rowOf) }
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor,
    staleTime: 60_000, gcTime: 60_000, refetchOnWindowFocus: false, refetchOnReconnect: false,
  })
  const starts = useMemo(() => {
    let sum = 0
    return (pages.data?.pages ?? []).map((page) => (sum += page.rows.length) - page.rows.length)
  }, [pages.data])
  const last = pages.data?.pages.at(-1)
  const count = last ? starts.at(-1)! + last.rows.length : 0
  const rowAt = useCallback((index: number): Row => {
    const all = pages.data!.pages
    // Pages are full but for the last, so the guess is nearly always right.
    let page = Math.min(all.length - 1, Math.floor(index / 200))
    while (starts[page]! > index) page--
    while (page + 1 < all.length && starts[page + 1]! <= index) page++
    return all[page]!.rows[index - starts[page]!]!
  }, [pages.data, starts])
  return { pages, first: pages.data?.pages[0], count, rowAt }
}

/** useCounts counts what a filter selects by several things at once, and says what all of it costs. */
export const useCounts = (filter: string | undefined, at: string | undefined, facet: string[], top: number, isWanted = true) => {
  const account = useAccount()
  return useQuery({
    queryKey: ['inventory', 'facets', account, filter, at, facet, top],
    queryFn: ({ signal }) => tracker.inventory.facets({ ...ofAccount(account), filter, at, facet, top }, { signal }),
    // What another account has is no stand-in.
    enabled: isWanted, staleTime: 60_000, refetchOnWindowFocus: false, placeholderData: (before, query) => (query?.queryKey[2] === account ? before : undefined),
  })
}

export const useTagKeys = (filter: string | undefined, at: string | undefined, isWanted = true) => {
  const account = useAccount()
  return useQuery({
    queryKey: ['inventory', 'tags', account, filter, at],
    queryFn: ({ signal }) => tracker.inventory.tags({ ...ofAccount(account), filter, at }, { signal }),
    enabled: isWanted, staleTime: 60_000, refetchOnWindowFocus: false,
  })
}

/** faultOf is what the server says is wrong with the filter. */
export const faultOf = (error: unknown): string | undefined => faultAt(error, 'query.filter')

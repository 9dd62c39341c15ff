import type { Pages } from '@consolesensei/resource-tracker'
import { useCallback, useEffect, useRef, useState } from 'react'

interface Listing<Page> {
  pages: Page[]
  /** There may be more pages. */
  isOpen: boolean
  isLoading: boolean
  error?: Error
}

/** usePages reads a listing page by page, each when somebody asks for it. open has to be stable (useCallback). */
export function usePages<Page>(open: (signal: AbortSignal) => Pages<Page, unknown>): Listing<Page> & { more: () => void } {
  const [listing, setListing] = useState<Listing<Page>>({ pages: [], isOpen: true, isLoading: true })
  const next = useRef<() => void>(() => {})

  useEffect(() => {
    const left = new AbortController()
    const pages = open(left.signal).pages()
    next.current = () => {
      setListing((l) => ({ ...l, isLoading: true, error: undefined }))
      pages.next().then(
        ({ done, value }) => {
          if (!left.signal.aborted) setListing((l) => ({ pages: done ? l.pages : [...l.pages, value], isOpen: !done && hasNext(value), isLoading: false }))
        },
        (error: Error) => {
          if (!left.signal.aborted) setListing((l) => ({ ...l, isOpen: false, isLoading: false, error }))
        },
      )
    }
    setListing({ pages: [], isOpen: true, isLoading: true })
    next.current()
    return () => left.abort()
  }, [open])

  return { ...listing, more: useCallback(() => next.current(), []) }
}

const hasNext = (page: unknown): boolean => Boolean((page as { next_cursor?: string }).next_cursor)

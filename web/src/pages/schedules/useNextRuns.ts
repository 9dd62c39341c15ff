import { type Query, type Schedule, TrackerError } from '@consolesensei/resource-tracker'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { faultAt } from '../../ui/faults'
import type { Draft } from './draft'

type Times = Query<'preview-schedule'>

// What the form calls its fields, and how the server is asked about them.
const asked: Record<string, keyof Times> = { cron: 'cron', time_zone: 'time_zone', every_seconds: 'every_seconds', 'off_hours.begin': 'begin', 'off_hours.end': 'end' }

/** timesOf is when a schedule would come, or undefined where too little is filled in to ask. */
function timesOf({ by, cron, begin, end, minutes, zone }: Draft, schedule?: Schedule): Times | undefined {
  if (by === 'cron') return cron.trim() ? { cron: cron.trim(), time_zone: zone } : undefined
  if (by === 'off_hours') return begin.trim() && end.trim() ? { begin: begin.trim(), end: end.trim(), time_zone: zone } : undefined
  return minutes > 0 ? { every_seconds: Math.round(minutes * 60), schedule_id: schedule?.schedule_id } : undefined
}

export interface Next {
  /** The newest runs that were told: of the draft, or of what it was before it was changed last. */
  runs: string[]
  zone?: string
  /** Whether the server takes the draft's times as they are now. */
  isKnown: boolean
  fault: (place: string) => string | undefined
  /** What went wrong that no field is about. */
  error: unknown
}

/** useNextRuns are the next runs of a draft, as the server would start them. It is asked when nothing was typed for a moment. */
export function useNextRuns(draft: Draft, schedule?: Schedule): Next {
  const now = JSON.stringify(timesOf(draft, schedule) ?? null)
  const [settled] = useDebouncedValue(now, 300)
  const times = JSON.parse(settled) as Times | null
  const next = useQuery({
    queryKey: ['schedules', 'next', settled],
    queryFn: async ({ signal }) => ({ runs: (await tracker.schedules.next(times!, { signal })).next_runs, zone: times!.time_zone }),
    enabled: times !== null,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
  const error = now === settled ? next.error : null
  return {
    runs: next.data?.runs ?? [], zone: next.data?.zone,
    isKnown: now === settled && next.isSuccess && !next.isPlaceholderData,
    fault: (place) => (asked[place] ? faultAt(error, `query.${asked[place]}`) : undefined),
    error: error instanceof TrackerError && error.status === 422 ? null : error,
  }
}

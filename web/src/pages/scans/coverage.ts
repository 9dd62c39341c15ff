import type { Job, ListedJob } from '@consolesensei/resource-tracker'

type Counted = Pick<Job | ListedJob, 'progress' | 'created_at' | 'finished_at' | 'started_at'>

/** unseen is how many cells of a scan ended without having been seen to their end. */
export const unseen = ({ progress }: Pick<Counted, 'progress'>): number =>
  Object.entries(progress.by_outcome).reduce((sum, [outcome, cells]) => sum + (outcome === 'ok' || outcome === 'empty' ? 0 : cells), 0)

/** took is how long a scan ran, from when it was begun until its end or until now. */
export function took({ created_at, started_at, finished_at }: Counted): string {
  const seconds = Math.max(0, Math.round(((finished_at ? Date.parse(finished_at) : Date.now()) - Date.parse(started_at ?? created_at)) / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return minutes < 60 ? `${minutes} min ${seconds % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

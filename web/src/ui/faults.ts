import { TrackerError } from '@consolesensei/resource-tracker'

/** faultAt is what the server says is wrong with one field of a request, such as body.cron, for the form to say it there. */
export function faultAt(error: unknown, place: string): string | undefined {
  const own = faultsOf(error).filter(({ location }) => isAt(location, place))
  return own.length === 0 ? undefined : own.map((fault) => fault.message).join('; ')
}

/** isElsewhere says whether an error is about something that none of these fields is. */
export function isElsewhere(error: unknown, places: string[]): boolean {
  const faults = faultsOf(error)
  return faults.length === 0 || faults.some(({ location }) => !places.some((place) => isAt(location, place)))
}

const faultsOf = (error: unknown) => (error instanceof TrackerError ? error.errors : [])

const isAt = (location = '', place: string): boolean => location === place || location.startsWith(`${place}.`) || location.startsWith(`${place}[`)

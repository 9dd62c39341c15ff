import type { Schedule } from '@consolesensei/resource-tracker'
import { plural, words } from '../../ui/format'
import { cronWords, everyWords } from './cron'

/** whenOf is when a schedule comes, in words, and the lines that say so to the server. */
export function whenOf(schedule: Schedule): { says: string; lines: string[] } {
  if (schedule.every_seconds) return { says: everyWords(schedule.every_seconds), lines: [] }
  if (schedule.off_hours) {
    const { begin, end } = schedule.off_hours
    const [from, to] = [cronWords(begin), cronWords(end)]
    const verb = schedule.plan?.select?.action ?? 'its action'
    return { says: from && to ? `${from}: ${verb}. ${to}: the opposite` : `Off-hours: ${verb}, and the opposite`, lines: [begin, end] }
  }
  const cron = schedule.cron ?? ''
  return { says: cronWords(cron) ?? cron, lines: [cron] }
}

/** whatOf is what a run does. */
export function whatOf(schedule: Schedule): string {
  const { request, plan } = schedule
  const accounts = (request.accounts ?? []).map((one) => one.account ?? one.role_arn)
  const where = request.organization ? 'every account of the organisation' : accounts.length > 0 ? accounts.join(', ') : schedule.account ?? schedule.role_arn ?? 'the account of the server itself'
  if (plan) return `Plan: ${plan.select ? words(plan.select.action) : 'actions'} in ${where}`
  const regions = request.regions?.length ? few(request.regions, 'region') : 'every region'
  const types = request.types?.length ? few(request.types.map(words), 'type') : 'all types'
  return `Scan of ${where}: ${types}, ${regions}`
}

const few = (names: string[], one: string): string => (names.length > 3 ? plural(names.length, one) : names.join(', '))

const clocks = new Map<string, Intl.DateTimeFormat>()

/** momentIn is a moment on the clock of a zone. */
export function momentIn(value: string, timeZone: string): string {
  const clock = clocks.get(timeZone) ?? new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short', timeZone })
  clocks.set(timeZone, clock)
  return clock.format(new Date(value))
}

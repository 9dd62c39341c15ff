import type { Schedule, Schemas } from '@consolesensei/resource-tracker'
import { zone } from '../../ui/format'

type Body = Schemas['ScheduleBody']
type Change = 'added' | 'removed' | 'changed'
type When = 'before' | 'now' | 'both'

/** Draft is a schedule as the form has it. */
export interface Draft {
  name: string
  by: 'cron' | 'every' | 'off_hours'
  cron: string
  begin: string
  end: string
  minutes: number
  zone: string
  account: string
  regions: string[]
  types: string[]
  metrics: boolean
  keep: number
  notifies: boolean
  filter: string
  changes: Change[]
  selected: When[]
}

/** draftOf is what the form begins with: a schedule as it is, or a new one on the clock of whoever makes it. */
export function draftOf(schedule?: Schedule): Draft {
  const { request, notify } = schedule ?? {}
  return {
    name: schedule?.name ?? '', by: schedule?.off_hours ? 'off_hours' : schedule?.every_seconds ? 'every' : 'cron',
    cron: schedule?.cron ?? (schedule ? '' : '0 6 * * *'), begin: schedule?.off_hours?.begin ?? '', end: schedule?.off_hours?.end ?? '',
    minutes: (schedule?.every_seconds ?? 3_600) / 60, zone: schedule?.time_zone ?? (schedule ? 'UTC' : zone),
    account: schedule?.account ?? '', regions: request?.regions ?? [], types: request?.types ?? [], metrics: request?.metrics ?? false,
    keep: schedule?.keep ?? 10, notifies: notify !== undefined, filter: filterText(notify?.filter), changes: notify?.changes ?? [], selected: notify?.selected ?? [],
  }
}

/** bodyOf is the request. What the form does not show of a schedule that exists stays as it is: the server resets what is absent. */
export function bodyOf(draft: Draft, before?: Schedule): Body {
  return {
    ...(before && kept(before)),
    name: draft.name.trim(), keep: draft.keep,
    ...(draft.by === 'cron' && { cron: draft.cron.trim(), time_zone: draft.zone }),
    ...(draft.by === 'every' && { every_seconds: Math.round(draft.minutes * 60) }),
    ...(draft.by === 'off_hours' && { off_hours: { begin: draft.begin.trim(), end: draft.end.trim() }, time_zone: draft.zone }),
    ...(draft.account && { account: draft.account, role_arn: undefined }),
    ...(!before?.plan && {
      ...(draft.regions.length > 0 && { regions: draft.regions }),
      ...(draft.types.length > 0 && { types: draft.types }),
      ...(draft.metrics && { metrics: true }),
    }),
    ...(draft.notifies && {
      notify: {
        ...(draft.filter.trim() && { filter: filterOf(draft.filter.trim()) }),
        ...(draft.changes.length > 0 && { changes: draft.changes }),
        ...(draft.selected.length > 0 && { selected: draft.selected }),
      },
    }),
  }
}

/** kept is what a schedule has that the form does not show. */
function kept({ request, plan, role_arn, account, paused, starting_deadline_seconds }: Schedule): Partial<Body> {
  const { regions: _regions, types: _types, metrics: _metrics, accounts, billed_cost, findings, ...others } = request
  return {
    ...(!plan && {
      ...others,
      // What is not said is on.
      findings: findings ?? false,
      ...(accounts && { accounts: accounts.map(({ account: name, role_arn: role, regions }) => ({ ...(name ? { account: name } : { role_arn: role }), ...(regions && { regions }) })) }),
      ...(billed_cost && { billed_cost: { ...billed_cost, ...(billed_cost.days ? { start: undefined, end: undefined } : {}) } }),
    }),
    ...(!account && role_arn && { role_arn }),
    ...(plan?.select && {
      plan: {
        select: { ...plan.select, params: plan.select.params as Schemas['SelectionBody']['params'] },
        max_items: plan.max_items, max_share_percent: plan.max_share_percent, max_failure_percent: plan.max_failure_percent,
      },
    }),
    ...(paused && { paused }),
    ...(starting_deadline_seconds && { starting_deadline_seconds }),
  }
}

const filterText = (filter: Schemas['Filter'] | undefined): string => (filter === undefined ? '' : typeof filter === 'string' ? filter : JSON.stringify(filter))

/** filterOf reads a filter that is written as JSON as one. Any other text is a short query, which the server reads. */
function filterOf(text: string): Schemas['Filter'] {
  if (!text.startsWith('{')) return text
  try {
    return JSON.parse(text) as Schemas['Filter']
  } catch {
    return text
  }
}

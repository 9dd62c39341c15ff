import type { Schedule, Schemas } from '@consolesensei/resource-tracker'
import { type Draft, filterOf, nameOf } from './draft'

type Body = Schemas['ScheduleBody']

/**
 * bodyOf is the request. What the form does not show of a schedule that exists stays as it is: the server resets what is absent. What belongs to another kind is
 * left out.
 */
export function bodyOf(draft: Draft, before?: Schedule): Body {
  return {
    ...(before?.paused && { paused: true }),
    ...(before?.starting_deadline_seconds && draft.by !== 'off_hours' && { starting_deadline_seconds: before.starting_deadline_seconds }),
    name: draft.name.trim(), keep: draft.keep,
    ...(draft.by === 'cron' && { cron: draft.cron.trim(), time_zone: draft.zone }),
    ...(draft.by === 'every' && { every_seconds: Math.round(draft.minutes * 60) }),
    ...(draft.by === 'off_hours' && { off_hours: { begin: draft.begin.trim(), end: draft.end.trim() }, time_zone: draft.zone }),
    ...entered(draft, before),
    ...(draft.kind === 'plan' ? { plan: planOf(draft, before?.plan) } : scanOf(draft, before)),
  }
}

/** entered is with what it works. A scan of several accounts enters each by its own role. */
function entered(draft: Draft, before?: Schedule): Partial<Body> {
  if (draft.kind === 'accounts' && !before?.request.accounts) return {}
  if (draft.account) return { account: draft.account }
  return before && !before.account && before.role_arn ? { role_arn: before.role_arn } : {}
}

function scanOf(draft: Draft, before?: Schedule): Partial<Body> {
  return {
    ...(before && !before.plan && kept(before.request)),
    ...(draft.kind === 'accounts' && { accounts: draft.accounts.map((name) => roleOf(name, before?.request.accounts)) }),
    ...(draft.kind === 'organization' && { organization: true }),
    ...(draft.regions.length > 0 && { regions: draft.regions }),
    ...(draft.types.length > 0 && { types: draft.types }),
    ...(draft.leftOut.length > 0 && { exclude_types: draft.leftOut }),
    ...(draft.metrics && { metrics: true }),
    ...(draft.billed && { billed_cost: { ...billedOf(before?.request.billed_cost), max_paid_calls: draft.paid } }),
    ...(draft.notifies && {
      notify: {
        ...(draft.filter.trim() && { filter: filterOf(draft.filter.trim()) }),
        ...(draft.changes.length > 0 && { changes: draft.changes }),
        ...(draft.selected.length > 0 && { selected: draft.selected }),
      },
    }),
  }
}

/** roleOf is an account of several: as the schedule has it, with its regions, or by its name. */
function roleOf(name: string, before: Schedule['request']['accounts']): NonNullable<Body['accounts']>[number] {
  const { account, role_arn, regions } = before?.find((one) => nameOf(one) === name) ?? { account: name }
  return { ...(account ? { account } : { role_arn }), ...(regions && { regions }) }
}

/** kept is what a scan asks for that the form does not show. */
function kept(request: Schedule['request']): Partial<Body> {
  const { regions: _regions, types: _types, exclude_types: _leftOut, metrics: _metrics, accounts: _accounts, organization: _organization, billed_cost: _billed, findings, ...others } = request
  // What is not said is on.
  return { ...others, findings: findings ?? false }
}

/** billedOf are the billed costs that a schedule asks for: as it has them, or those of thirty days by service. */
function billedOf(before: Schedule['request']['billed_cost']): NonNullable<Body['billed_cost']> {
  if (!before) return { group_by: ['service'] }
  // Days are counted back from each run: their dates are the server's.
  return before.days ? { ...before, start: undefined, end: undefined } : before
}

function planOf(draft: Draft, before: Schedule['plan']): NonNullable<Body['plan']> {
  return {
    select: {
      action: draft.action, filter: filterOf(draft.selects.trim()),
      ...(Object.keys(draft.params).length > 0 && { params: draft.params }),
      ...(draft.regions.length > 0 && { regions: draft.regions }),
      ...(draft.lift.length > 0 && { lift: draft.lift }),
    },
    ...(draft.maxItems !== '' && { max_items: draft.maxItems }),
    ...(draft.maxShare !== '' && { max_share_percent: draft.maxShare }),
    ...(before?.max_failure_percent && { max_failure_percent: before.max_failure_percent }),
  }
}

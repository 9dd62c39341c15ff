import type { Schedule, Schemas } from '@consolesensei/resource-tracker'
import { zone } from '../../ui/format'
import type { Values } from '../../ui/Params'

type Change = 'added' | 'removed' | 'changed'
type When = 'before' | 'now' | 'both'

/** Kind is what a run of a schedule does: it scans an account, several, or those of an organisation, or it carries out a plan. */
export type Kind = 'account' | 'accounts' | 'organization' | 'plan'

/** Draft is a schedule as the form has it. */
export interface Draft {
  name: string
  kind: Kind
  by: 'cron' | 'every' | 'off_hours'
  cron: string
  begin: string
  end: string
  minutes: number
  zone: string
  /** The registered account that it enters, by name. Empty is the server's own identity. */
  account: string
  /** The accounts that a scan of several enters, by their names, or the ARNs of roles. */
  accounts: string[]
  /** Of a scan, or where a plan selects. */
  regions: string[]
  types: string[]
  /** Types that a scan leaves out. */
  leftOut: string[]
  metrics: boolean
  /** It asks for billed costs too, by so many paid calls at most. Zero is none. */
  billed: boolean
  paid: number
  keep: number
  notifies: boolean
  filter: string
  changes: Change[]
  selected: When[]
  action: string
  selects: string
  params: Values
  /** The rules that must not stop the plan. */
  lift: string[]
  /** Empty is the server's limit. */
  maxItems: number | ''
  maxShare: number | ''
}

/** draftOf is what the form begins with: a schedule as it is, or a new one on the clock of whoever makes it. */
export function draftOf(schedule?: Schedule): Draft {
  const { request, notify, plan } = schedule ?? {}
  return {
    name: schedule?.name ?? '', kind: plan ? 'plan' : request?.organization ? 'organization' : request?.accounts?.length ? 'accounts' : 'account',
    by: schedule?.off_hours ? 'off_hours' : schedule?.every_seconds ? 'every' : 'cron',
    cron: schedule?.cron ?? (schedule ? '' : '0 6 * * *'), begin: schedule?.off_hours?.begin ?? '', end: schedule?.off_hours?.end ?? '',
    minutes: (schedule?.every_seconds ?? 3_600) / 60, zone: schedule?.time_zone ?? (schedule ? 'UTC' : zone),
    account: schedule?.account ?? '', accounts: (request?.accounts ?? []).map(nameOf), regions: (plan ? plan.select?.regions : request?.regions) ?? [],
    types: request?.types ?? [], leftOut: request?.exclude_types ?? [], metrics: request?.metrics ?? false,
    billed: request?.billed_cost !== undefined, paid: request?.billed_cost ? request.billed_cost.max_paid_calls ?? 0 : 20, keep: schedule?.keep ?? 10,
    notifies: notify !== undefined, filter: filterText(notify?.filter), changes: notify?.changes ?? [], selected: notify?.selected ?? [],
    action: plan?.select?.action ?? '', selects: filterText(plan?.select?.filter), params: (plan?.select?.params ?? {}) as Values, lift: plan?.select?.lift ?? [],
    maxItems: plan?.max_items ?? '', maxShare: plan?.max_share_percent ?? '',
  }
}

/** nameOf is by what a schedule of several accounts names one. */
export const nameOf = ({ account, role_arn }: { account?: string; role_arn?: string }): string => account ?? role_arn ?? ''

const filterText = (filter: Schemas['Filter'] | undefined): string => (filter === undefined ? '' : typeof filter === 'string' ? filter : JSON.stringify(filter))

/** filterOf reads a filter that is written as JSON as one. Any other text is a short query, which the server reads. */
export function filterOf(text: string): Schemas['Filter'] {
  if (!text.startsWith('{')) return text
  try {
    return JSON.parse(text) as Schemas['Filter']
  } catch {
    return text
  }
}

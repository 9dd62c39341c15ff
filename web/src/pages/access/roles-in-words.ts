import type { Schemas } from '@consolesensei/resource-tracker'

type Role = Schemas['GrantBody']['role']

/** roles are those of the API, and what each may do, in words. */
export const roles: { role: Role; may: string; mayNot: string; narrowed: string }[] = [
  { role: 'viewer', may: 'Reads: results, costs, findings, plans, schedules and the audit.', mayNot: 'Starts and changes nothing.', narrowed: 'Cannot be narrowed.' },
  { role: 'operator', may: 'Reads; starts, stops and retries scans; keeps schedules and budgets.', mayNot: 'Makes no plans. A schedule that carries one needs actor, too.', narrowed: 'To accounts, regions and types.' },
  { role: 'actor', may: 'Reads; makes, applies, cancels and undoes plans; acknowledges findings.', mayNot: 'Approves no plans.', narrowed: 'To accounts, regions, types, actions and tags.' },
  { role: 'approver', may: 'Reads; agrees to plans of others.', mayNot: 'Agrees to no plan of its own person, whichever key asked for it.', narrowed: 'Cannot be narrowed.' },
  { role: 'admin', may: 'Does everything in the tenant: keys, accounts and webhooks as well. In the tenant default also tenants and the operations of the service.', mayNot: 'Approves no plan of its own person.', narrowed: 'Cannot be narrowed.' },
]

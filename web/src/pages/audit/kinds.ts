/** kinds are what a line of the audit can tell, by what it is about, in words that follow the name of who did it. */
const kinds: Record<string, string> = {
  'plan.created': 'asked for a plan', 'plan.planned': 'froze a plan, to be looked at', 'plan.approved': 'approved a plan', 'plan.applied': 'applied a plan', 'plan.scheduled': 'put a plan off to its time',
  'plan.resumed': 'had a plan go on', 'plan.cancelled': 'cancelled a plan', 'plan.held': 'held a plan: too many items failed', 'plan.succeeded': 'ended a plan: every item is verified',
  'plan.partial': 'ended a plan: some items are not verified', 'plan.failed': 'ended a plan: nothing was changed', 'plan.expired': 'let a plan expire: nobody applied it', 'plan.approval_wanted': 'waits for an approval',
  'plan.refused': 'was refused a plan', 'plan.apply_refused': 'was refused to apply a plan', 'plan.approval_refused': 'was refused to approve a plan', 'plan.resume_refused': 'was refused to have a plan go on',
  'plan.cancel_refused': 'was refused to cancel a plan', 'plan.undo_refused': 'was refused to undo a plan',
  'item.refused': 'left an item out, which a rule forbids', 'item.sending': 'is about to call AWS', 'item.sent': 'called AWS', 'item.accepted': 'was answered by AWS: accepted', 'item.rejected': 'was answered by AWS: rejected',
  'item.throttled': 'was slowed down by AWS', 'item.unanswered': 'got no answer of AWS', 'item.repeated': 'repeated a call', 'item.verified': 'verified a change: AWS shows it',
  'item.failed': 'ended an item: it failed', 'item.blocked': 'ended an item: something forbids it by now', 'item.verify_timeout': 'ended an item: AWS does not show the change', 'item.reappeared': 'ended an item: the resource is back', 'item.not_run': 'ended an item without a call',
  'schedule.created': 'added a schedule', 'schedule.changed': 'changed a schedule', 'schedule.paused': 'paused a schedule', 'schedule.resumed': 'resumed a schedule', 'schedule.deleted': 'deleted a schedule',
  'schedule.run': 'ran a schedule by hand', 'schedule.fired': 'ran a schedule at its time', 'schedule.missed': 'missed runs of a schedule', 'schedule.failed': 'could not start a run of a schedule',
  'webhook.created': 'added a webhook', 'webhook.changed': 'changed a webhook', 'webhook.deleted': 'deleted a webhook', 'webhook.disabled': 'switched a webhook off: its receiver fails', 'webhook.secret_rotated': 'made a new secret of a webhook',
  'key.created': 'made a key', 'key.rotated': 'gave a key a new secret', 'key.deleted': 'deleted a key',
  'account.added': 'registered an account', 'account.changed': 'changed an account', 'account.deleted': 'forgot an account',
  'budget.added': 'added a budget', 'budget.changed': 'changed a budget', 'budget.deleted': 'deleted a budget', 'budget.crossed': 'saw a budget crossed',
  'finding.acknowledged': 'left a finding as it is', 'finding.unacknowledged': 'took an acknowledgement back',
  'session.created': 'signed in', 'session.ended': 'signed out', 'session.revoked': 'ended a session', 'auth.failed': 'failed to sign in',
  'tenant.created': 'added a tenant', 'tenant.deleted': 'deleted a tenant', 'tenant.quota': 'set a quota', 'tenant.accounts_allowed': 'allowed accounts to a tenant',
}

/** saysOf tells what was done. A kind that is newer than this page is told by its own name. */
export const saysOf = (what: string): string => kinds[what] ?? what.replaceAll(/[._]/g, ' ')

const groups = [...new Set(Object.keys(kinds).map((what) => what.split('.')[0]!))]

/** choices are what the lines can be narrowed to: all that is about something, or one kind. */
export const choices = groups.map((group) => ({
  group, items: [{ value: `${group}.*`, label: `${group}: all` }, ...Object.keys(kinds).filter((what) => what.startsWith(`${group}.`)).map((what) => ({ value: what, label: what }))],
}))

/** isBad says whether a line tells of something that went wrong or was refused. */
export const isBad = (what: string): boolean => /refused|failed|rejected|missed|unanswered|held|disabled|blocked|timeout|reappeared|crossed/.test(what)

/** kinds are the events that can be sent, in the groups that a webhook can ask for as a whole, and when each comes. */
export const kinds: { kind: string; says: string; events: [type: string, when: string][] }[] = [
  { kind: 'job', says: 'Scans and access checks', events: [
    ['job.succeeded', 'It has ended, and every cell was seen.'],
    ['job.partial', 'It has ended, and some cells were not seen.'],
    ['job.failed', 'It has ended, and nothing could be seen.'],
    ['job.cancelled', 'It was cancelled.'],
  ] },
  { kind: 'findings', says: 'Savings', events: [['findings.found', 'A scan has found what could cost less.']] },
  { kind: 'inventory', says: 'Changes', events: [['inventory.changed', 'A run of a schedule that tells webhooks saw what the runs before it had not.']] },
  { kind: 'budget', says: 'Budgets', events: [['budget.crossed', 'What a month has cost, or is forecast to, has crossed a threshold.']] },
  { kind: 'plan', says: 'Plans', events: [
    ['plan.planned', 'A plan is frozen and can be looked at.'],
    ['plan.approval_wanted', 'Somebody else has to approve a plan.'],
    ['plan.held', 'Too many items of a plan failed: the rest waits for a person.'],
    ['plan.succeeded', 'Every item of a plan is verified.'],
    ['plan.partial', 'A plan has ended, and some items are not verified.'],
    ['plan.failed', 'A plan has ended, and nothing was changed.'],
    ['plan.cancelled', 'A plan was cancelled, and nothing of it runs any more.'],
    ['plan.expired', 'Nobody applied a plan in time.'],
  ] },
  { kind: 'schedule', says: 'Schedules', events: [
    ['schedule.missed', 'Runs of a schedule were missed.'],
    ['schedule.failed', 'A run of a schedule could not be started.'],
    ['schedule.paused', 'A schedule was paused, or paused itself.'],
  ] },
  { kind: 'webhook', says: 'Tests', events: [['webhook.test', 'Somebody asked for a test.']] },
]

const words = new Map(kinds.flatMap(({ events }) => events))

/** wordsOf is when an event comes. */
export const wordsOf = (type: string): string | undefined => words.get(type)

/** eventsOf names in short what a webhook asks for. */
export function eventsOf(types: string[]): string {
  return types.map((type) => {
    if (type === '*') return 'every event'
    const kind = kinds.find((one) => type === `${one.kind}.*`)
    return kind ? `all of ${kind.says.toLowerCase()}` : type
  }).join(', ')
}

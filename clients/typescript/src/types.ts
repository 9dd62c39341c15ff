import type { components, operations } from './schema.gen.js'

/** Schemas are the API's, by its own names. */
export type Schemas = components['schemas']
export type Operation = keyof operations

/** Query is what an operation takes after the question mark. */
export type Query<Op extends Operation> = NonNullable<operations[Op]['parameters']['query']>
/** Body is what an operation takes as JSON. */
export type Body<Op extends Operation> = operations[Op] extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never

export type Job = Schemas['JobAnswer']
export type ListedJob = Schemas['ListedJob']
export type JobState = Job['state']
export type Resource = Schemas['Resource']
export type Finding = Schemas['Finding']
/** LiveFinding is a finding as it is known over scans. */
export type LiveFinding = Schemas['LiveFinding']
export type FindingsSummary = Schemas['FindingsSummary']
export type Costs = Schemas['CostsAnswer']
export type Coverage = Schemas['CoverageAnswer']
export type Cell = Schemas['CellReport']
export type ScanResult = Schemas['ScanResult']
export type ScanRequest = Schemas['ScanBody']
export type Accepted = Schemas['Accepted']
export type Filter = Schemas['Filter']
export type Plan = Schemas['PlanView']
export type PlanState = Plan['state']
export type PlanItem = Schemas['PlanItem']
/** PlanAnswer is a plan and its first hundred items. */
export type PlanAnswer = Schemas['PlanAnswer']
export type PlanRequest = Schemas['PlanBody']
export type Schedule = Schemas['ScheduleItem']
export type Account = Schemas['RegisteredAccount']
export type APIKey = Schemas['APIKey']
export type Webhook = Schemas['WebhookItem']
export type Delivery = Schemas['Delivery']
export type AuditEvent = Schemas['AuditEvent']

/** Credentials are AWS's, for one request. The client keeps none. */
export type Credentials = Pick<Schemas['RetryBody'], 'access_key_id' | 'secret_access_key' | 'session_token' | 'role_arn' | 'external_id' | 'account'>

/** JobEvent is one message of a job's stream. */
export type JobEvent =
  | { event: 'job'; id?: string; data: Schemas['JobItem'] }
  | { event: 'cells'; id?: string; data: { cells: Cell[] } }
  | { event: 'done'; id?: string; data: { job_id: string; state: JobState; complete: boolean } }

/** PlanEvent is one message of a plan's stream. */
export type PlanEvent =
  | { event: 'plan'; id?: string; data: Plan }
  | { event: 'audit'; id?: string; data: { events: AuditEvent[] } }
  | { event: 'done'; id?: string; data: Plan }

/** hasEnded says whether a job changes no more. */
export const hasEnded = (state: JobState): boolean =>
  state === 'succeeded' || state === 'partial' || state === 'failed' || state === 'cancelled'

/** isMoving says whether a plan goes on by itself. One that does not waits for a person, or has ended. */
export const isMoving = (state: PlanState): boolean => state === 'planning' || state === 'scheduled' || state === 'applying'

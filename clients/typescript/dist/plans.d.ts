import { type FollowOptions } from './follow.js';
import { type CallOptions, type Http } from './http.js';
import type { WaitOptions } from './jobs.js';
import { Pages } from './pages.js';
import { type Body, type Credentials, type Plan, type PlanAnswer, type PlanEvent, type PlanItem, type PlanRequest, type Query } from './types.js';
/** Seen is a plan that somebody has looked at: its digest says which one exactly. */
export type Seen = Pick<Plan, 'plan_id' | 'digest'>;
/** Plans are changes that are looked at first, and then carried out as they were looked at. */
export declare class Plans {
    #private;
    constructor(http: Http);
    /** create looks at the resources and changes nothing, unless the request says apply. Wait for the look by wait. */
    create(request: PlanRequest, options?: CallOptions): Promise<PlanAnswer>;
    list(query?: {
        limit?: number;
    }, options?: CallOptions): Pages<{
        plans: Plan[];
    }, Plan>;
    get(id: string, options?: CallOptions): Promise<PlanAnswer>;
    items(id: string, query?: Omit<Query<'get-plan'>, 'cursor'>, options?: CallOptions): Pages<PlanAnswer, PlanItem>;
    /** wait looks again and again until the plan does not go on by itself: it was looked at, is held, or has ended. */
    wait(id: string, options?: WaitOptions<PlanAnswer>): Promise<PlanAnswer>;
    /** follow yields what happens, and goes on through lost connections and restarts of the server. */
    follow(id: string, options?: FollowOptions): AsyncGenerator<PlanEvent>;
    /** approve agrees to a plan of somebody else. */
    approve(plan: Seen, options?: CallOptions): Promise<PlanAnswer>;
    /** apply carries out exactly the plan that was looked at. */
    apply(plan: Seen, body?: Omit<Body<'apply-plan'>, 'digest'>, options?: CallOptions): Promise<PlanAnswer>;
    /** resume goes on with a plan that the breaker holds. */
    resume(id: string, credentials?: Credentials, options?: CallOptions): Promise<PlanAnswer>;
    cancel(id: string, options?: CallOptions): Promise<PlanAnswer>;
    /** undo makes a plan of the inverses of what was verified. It needs credentials anew. */
    undo(id: string, body?: Body<'undo-plan'>, options?: CallOptions): Promise<PlanAnswer>;
    /** report is the report on a plan in a format, to be streamed: its body is not read yet. */
    report(id: string, format?: NonNullable<Query<'report-plan'>['format']>, options?: CallOptions): Promise<Response>;
}

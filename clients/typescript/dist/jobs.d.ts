import { type FollowOptions } from './follow.js';
import { type CallOptions, type Http } from './http.js';
import { Pages } from './pages.js';
import { type Accepted, type Body, type Costs, type Coverage, type Credentials, type Finding, type Job, type JobEvent, type ListedJob, type PlanAnswer, type Query, type Resource, type ScanResult, type Schemas } from './types.js';
export interface WaitOptions<T> extends CallOptions {
    /** Milliseconds between two looks. 1,000 if not told. */
    every?: number;
    /** Sees each look. */
    onLook?: (now: T) => void;
}
export type ResourceQuery = Omit<Query<'list-job-resources'>, 'cursor' | 'format'>;
export type FindingQuery = Omit<Query<'list-findings'>, 'cursor' | 'format'>;
/** Jobs are scans and access checks, and what they have found. */
export declare class Jobs {
    #private;
    constructor(http: Http);
    /** list begins with the newest. */
    list(query?: {
        limit?: number;
    }, options?: CallOptions): Pages<Schemas['JobsAnswer'], ListedJob>;
    get(id: string, options?: CallOptions): Promise<Job>;
    /** wait looks again and again until the job has ended, however it ended. Restarts of the server do not end it. */
    wait(id: string, options?: WaitOptions<Job>): Promise<Job>;
    /** follow yields what happens, and goes on through lost connections and restarts of the server. */
    follow(id: string, options?: FollowOptions): AsyncGenerator<JobEvent>;
    cancel(id: string, options?: CallOptions): Promise<Job>;
    /** retry runs again what did not succeed. It needs credentials anew: those of the scan are deleted. */
    retry(id: string, credentials: Credentials, options?: CallOptions): Promise<Accepted>;
    resources(id: string, query?: ResourceQuery, options?: CallOptions): Pages<Schemas['ResourcesAnswer'], Resource>;
    relations(id: string, key: string, options?: CallOptions): Promise<Schemas['RelationsAnswer']>;
    /** result is the whole of a scan as one document. */
    result(id: string, query?: {
        partial?: boolean;
    }, options?: CallOptions): Promise<ScanResult>;
    /** download is the result in a format, to be streamed: its body is not read yet. */
    download(id: string, format: NonNullable<Query<'get-result'>['format']>, options?: CallOptions): Promise<Response>;
    /** coverage names what could not be seen, and why. */
    coverage(id: string, query?: Query<'get-coverage'>, options?: CallOptions): Promise<Coverage>;
    costs(id: string, query?: Query<'get-costs'>, options?: CallOptions): Promise<Costs>;
    findings(id: string, query?: FindingQuery, options?: CallOptions): Pages<Schemas['FindingsAnswer'], Finding>;
    /** planFindings plans the repair of the counted findings of a rule. It changes nothing yet. */
    planFindings(id: string, rule: string, body?: Body<'plan-findings'>, options?: CallOptions): Promise<PlanAnswer>;
    compliance(id: string, policy: Body<'post-compliance'>, options?: CallOptions): Promise<Schemas['ComplianceAnswer']>;
}

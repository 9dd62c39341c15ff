import type { Schemas } from './types.js';
export type FieldError = Schemas['FieldError'];
/** TrackerError is an answer of the API that says no: problem+json, or what a proxy answered in its place. */
export declare class TrackerError extends Error {
    readonly name = "TrackerError";
    readonly status: number;
    /** What is wrong with each field of the request. */
    readonly errors: FieldError[];
    /** Seconds until asking again is worth it, where the answer says so. */
    readonly retryAfter: number | undefined;
    /** Names the request in the server's log. */
    readonly requestId: string | undefined;
    /** The answer's JSON; undefined where a proxy answered in the API's place. */
    readonly problem: Schemas['Problem'] | undefined;
    constructor(status: number, message: string, more?: {
        problem?: Schemas['Problem'];
        retryAfter?: number;
        requestId?: string;
    });
    /** The job that the problem is about. */
    get jobId(): string | undefined;
    /** The quota that does not allow the request. */
    get quota(): Schemas['QuotaUse'] | undefined;
}
/** UnreachableError says that no answer came: the server is gone, the network is, or a browser refuses the origin. */
export declare class UnreachableError extends Error {
    readonly name = "UnreachableError";
    constructor(url: string, cause: unknown);
}
/** passes says whether an error is of the moment: no answer, too many requests, a server that starts, a proxy without one. */
export declare const passes: (error: unknown) => boolean;
/** problemOf reads the error that an answer is. */
export declare function problemOf(response: Response): Promise<TrackerError>;

export interface TrackerOptions {
    /** Where the API is, such as https://tracker.example.com. */
    url: string;
    /** An API key. A page that everybody can open must not hold one: see docs/frontend-integration.md. */
    key?: string;
    /** A session's token, or an ID token of the issuer. */
    token?: string;
    /** 'include' sends the session's cookie where the page and the API share a site. */
    credentials?: RequestCredentials;
    /** How often a request is sent again that the server was too busy for. 4 if not told. */
    retries?: number;
    /** The longest pause, in milliseconds, that the server may ask for before the request fails in its place. 30,000 if not told. */
    longestPause?: number;
    /** Milliseconds to wait for an answer. 90,000 if not told: a request may wait 60 s for its result. */
    timeout?: number;
    /** In place of the global fetch. */
    fetch?: typeof fetch;
}
export interface CallOptions {
    signal?: AbortSignal;
    /** Makes a repeated request answer what the first one did. The client makes one where none is given. */
    idempotencyKey?: string;
}
export interface Call extends CallOptions {
    query?: object;
    body?: unknown;
    headers?: Record<string, string>;
    /** The operation takes an Idempotency-Key. */
    once?: boolean;
    retries?: number;
}
/** Http sends requests, and sends them again where that changes nothing more than was asked for. */
export declare class Http {
    #private;
    readonly url: string;
    constructor(options: TrackerOptions);
    get<T>(path: string, query?: object, options?: CallOptions): Promise<T>;
    json<T>(method: string, path: string, call?: Call): Promise<T>;
    /** open answers once the headers are there. The caller reads the body. */
    open(method: string, path: string, call?: Call): Promise<Response>;
}
/** path escapes what it is made of: path`/api/v1/jobs/${id}`. */
export declare const path: (parts: TemplateStringsArray, ...values: string[]) => string;
/** backoff doubles with each attempt up to 15 s. A half of it is random, so that clients do not come back all at once. */
export declare const backoff: (attempt: number, first: number) => number;
/**
 * patiently looks again while it fails for reasons of the moment, thirty times in a row at most: seven minutes and more. A
 * server may be restarted meanwhile.
 */
export declare function patiently<T>(look: () => Promise<T>, signal?: AbortSignal, onFailure?: (error: unknown) => void): Promise<T>;
/** sleep rejects with the signal's reason when that comes first. */
export declare function sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;

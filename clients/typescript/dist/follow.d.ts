import { type Http } from './http.js';
export interface FollowOptions {
    /** Begin after the message with this ID. */
    after?: string;
    signal?: AbortSignal;
    /** How often in a row it may connect without getting a message. 30 if not told, which are about seven minutes. */
    attempts?: number;
    /** Milliseconds without a byte after which a connection counts as dead. 40,000 if not told: the server writes every 15 s. */
    silence?: number;
    /** Is told when the stream is there, and when it was lost and is sought again. */
    onConnection?: (connection: 'open' | 'lost', error?: Error) => void;
}
/**
 * follow yields the messages of a stream until the one that is called done. A connection that is lost is made again and
 * resumes after the last message. Attempts are counted and not minutes, so that a laptop may sleep in between.
 */
export declare function follow<E extends {
    event: string;
    data: unknown;
    id?: string;
}>(http: Http, path: string, options?: FollowOptions): AsyncGenerator<E>;

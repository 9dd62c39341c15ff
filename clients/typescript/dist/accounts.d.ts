import { type CallOptions, type Http } from './http.js';
import { Pages } from './pages.js';
import type { Accepted, Account, Body, Query, Schemas } from './types.js';
/** Accounts are registered, to be named in place of keys. */
export declare class Accounts {
    #private;
    constructor(http: Http);
    list(query?: {
        limit?: number;
    }, options?: CallOptions): Pages<Schemas['AccountsAnswer'], Account>;
    add(account: Body<'add-account'>, options?: CallOptions): Promise<Account>;
    get(name: string, options?: CallOptions): Promise<Account>;
    replace(name: string, account: Body<'put-account'>, options?: CallOptions): Promise<Account>;
    delete(name: string, options?: CallOptions): Promise<void>;
    /** setup is the role that the account has to have, as a template and as policies. */
    setup(name: string, query?: Query<'set-up-account'>, options?: CallOptions): Promise<Schemas['SetupAnswer']>;
    /** check starts an access check of the account. */
    check(name: string, options?: CallOptions): Promise<Accepted>;
}

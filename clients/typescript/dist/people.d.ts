import { type CallOptions, type Http } from './http.js';
import { Pages } from './pages.js';
import type { APIKey, Body, Schemas } from './types.js';
/** Keys are API keys of the tenant. A secret is answered once. */
export declare class Keys {
    #private;
    constructor(http: Http);
    list(options?: CallOptions): Promise<APIKey[]>;
    add(key: Body<'add-key'>, options?: CallOptions): Promise<Schemas['SecretAnswer']>;
    /** rotate gives a key a new secret and takes the old one for a while longer. */
    rotate(id: string, query?: {
        overlap_seconds?: number;
    }, options?: CallOptions): Promise<Schemas['SecretAnswer']>;
    delete(id: string, options?: CallOptions): Promise<void>;
}
/** Sessions are log-ins of people. */
export declare class Sessions {
    #private;
    constructor(http: Http);
    list(query?: {
        limit?: number;
    }, options?: CallOptions): Pages<Schemas['SessionsAnswer'], Schemas['Session']>;
    /** signIn exchanges a key, or a code of the issuer, for a session: a cookie, or with cookie: false a token. */
    signIn(body: Body<'sign-in'>, options?: CallOptions): Promise<Schemas['TokenAnswer']>;
    /** loginURL is where a browser goes to sign in with the issuer, and to come back from to a path of the server. */
    loginURL(returnTo: string): string;
    signOut(options?: CallOptions): Promise<void>;
    end(id: string, options?: CallOptions): Promise<void>;
}
/** Tenants are for an admin of the service. */
export declare class Tenants {
    #private;
    constructor(http: Http);
    list(options?: CallOptions): Promise<Schemas['Tenant'][]>;
    add(tenant: Body<'add-tenant'>, options?: CallOptions): Promise<Schemas['Tenant']>;
    delete(name: string, options?: CallOptions): Promise<void>;
    allowedAccounts(name: string, options?: CallOptions): Promise<string[]>;
    allowAccounts(name: string, accounts: string[], options?: CallOptions): Promise<string[]>;
    quota(name: string, options?: CallOptions): Promise<Schemas['TenantQuotaAnswer']>;
    setQuota(name: string, limits: Record<string, number>, options?: CallOptions): Promise<Schemas['TenantQuotaAnswer']>;
}

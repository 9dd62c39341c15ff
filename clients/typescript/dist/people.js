import { path } from './http.js';
import { Pages } from './pages.js';
/** Keys are API keys of the tenant. A secret is answered once. */
export class Keys {
    #http;
    constructor(http) {
        this.#http = http;
    }
    async list(options) {
        return (await this.#http.get('/api/v1/keys', undefined, options)).keys;
    }
    add(key, options) {
        return this.#http.json('POST', '/api/v1/keys', { ...options, body: key });
    }
    /** rotate gives a key a new secret and takes the old one for a while longer. */
    rotate(id, query = {}, options) {
        return this.#http.json('POST', path `/api/v1/keys/${id}/rotate`, { ...options, query });
    }
    delete(id, options) {
        return this.#http.json('DELETE', path `/api/v1/keys/${id}`, options);
    }
}
/** Sessions are log-ins of people. */
export class Sessions {
    #http;
    constructor(http) {
        this.#http = http;
    }
    list(query = {}, options) {
        return new Pages((cursor) => this.#http.get('/api/v1/sessions', { ...query, cursor }, options), (page) => page.sessions);
    }
    /** signIn exchanges a key, or a code of the issuer, for a session: a cookie, or with cookie: false a token. */
    signIn(body, options) {
        return this.#http.json('POST', '/api/v1/auth/token', { ...options, body });
    }
    /** loginURL is where a browser goes to sign in with the issuer, and to come back from to a path of the server. */
    loginURL(returnTo) {
        return `${this.#http.url}/api/v1/auth/login?${new URLSearchParams({ return_to: returnTo })}`;
    }
    signOut(options) {
        return this.#http.json('DELETE', '/api/v1/auth/session', options);
    }
    end(id, options) {
        return this.#http.json('DELETE', path `/api/v1/sessions/${id}`, options);
    }
}
/** Tenants are for an admin of the service. */
export class Tenants {
    #http;
    constructor(http) {
        this.#http = http;
    }
    async list(options) {
        return (await this.#http.get('/api/v1/tenants', undefined, options)).tenants;
    }
    async add(tenant, options) {
        return (await this.#http.json('POST', '/api/v1/tenants', { ...options, body: tenant })).tenant;
    }
    delete(name, options) {
        return this.#http.json('DELETE', path `/api/v1/tenants/${name}`, options);
    }
    async allowedAccounts(name, options) {
        return (await this.#http.get(path `/api/v1/tenants/${name}/allowed-accounts`, undefined, options)).accounts;
    }
    async allowAccounts(name, accounts, options) {
        const answer = await this.#http.json('PUT', path `/api/v1/tenants/${name}/allowed-accounts`, { ...options, body: { accounts } });
        return answer.accounts;
    }
    quota(name, options) {
        return this.#http.get(path `/api/v1/tenants/${name}/quota`, undefined, options);
    }
    setQuota(name, limits, options) {
        return this.#http.json('PUT', path `/api/v1/tenants/${name}/quota`, { ...options, body: { limits } });
    }
}

import { path } from './http.js';
import { Pages } from './pages.js';
/** Accounts are registered, to be named in place of keys. */
export class Accounts {
    #http;
    constructor(http) {
        this.#http = http;
    }
    list(query = {}, options) {
        return new Pages((cursor) => this.#http.get('/api/v1/accounts', { ...query, cursor }, options), (page) => page.accounts);
    }
    async add(account, options) {
        return (await this.#http.json('POST', '/api/v1/accounts', { ...options, body: account })).account;
    }
    async get(name, options) {
        return (await this.#http.get(path `/api/v1/accounts/${name}`, undefined, options)).account;
    }
    async replace(name, account, options) {
        return (await this.#http.json('PUT', path `/api/v1/accounts/${name}`, { ...options, body: account })).account;
    }
    delete(name, options) {
        return this.#http.json('DELETE', path `/api/v1/accounts/${name}`, options);
    }
    /** setup is the role that the account has to have, as a template and as policies. */
    setup(name, query = {}, options) {
        return this.#http.get(path `/api/v1/accounts/${name}/setup`, query, options);
    }
    /** check starts an access check of the account. */
    check(name, options) {
        return this.#http.json('POST', path `/api/v1/accounts/${name}/check`, { ...options, once: true });
    }
}

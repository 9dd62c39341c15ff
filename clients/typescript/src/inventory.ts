import { type CallOptions, type Http, path } from './http.js'
import { Pages } from './pages.js'
import type { Query, Schemas } from './types.js'

/** Inventory is what there is, or was at a time, over all scans. */
export class Inventory {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  /** list is every resource. coverage, which is on every answer, says what of it is stale or was never seen. */
  list(query: Omit<Query<'list-inventory'>, 'cursor' | 'format'> = {}, options?: CallOptions): Pages<Schemas['InventoryAnswer'], Schemas['InventoryResource']> {
    return new Pages((cursor) => this.page({ ...query, cursor }, options), (page: Schemas['InventoryAnswer']) => page.resources)
  }

  /** page is one page, for who keeps the cursor. */
  page(query: Omit<Query<'list-inventory'>, 'format'> = {}, options?: CallOptions): Promise<Schemas['InventoryAnswer']> {
    return this.#http.get('/api/v1/inventory', query, options)
  }

  /** cells are how much is known of each account, region and type. */
  cells(query: Omit<Query<'list-inventory-cells'>, 'cursor'> = {}, options?: CallOptions): Pages<Schemas['CellsAnswer'], Schemas['KnownCell']> {
    return new Pages(
      (cursor) => this.#http.get('/api/v1/inventory/coverage', { ...query, cursor }, options),
      (page: Schemas['CellsAnswer']) => page.cells,
    )
  }

  /** groups count by up to three things at once, such as ['account', 'type']. A key is null without the tag. */
  groups(query: Query<'group-inventory'>, options?: CallOptions): Promise<Schemas['GroupsAnswer']> {
    return this.#http.get('/api/v1/inventory/groups', query, options)
  }

  /** facets count by one thing after the other, such as ['type', 'tag:team']. */
  facets(query: Query<'count-inventory'>, options?: CallOptions): Promise<Schemas['FacetsAnswer']> {
    return this.#http.get('/api/v1/inventory/facets', query, options)
  }

  tags(query: Query<'list-inventory-tags'> = {}, options?: CallOptions): Promise<Schemas['TagsAnswer']> {
    return this.#http.get('/api/v1/inventory/tags', query, options)
  }

  /**
   * history is one resource's life: its versions, and on every answer what was found, planned and done about it.
   * Its key is account_id/region/resource_type/resource_id.
   */
  history(key: string, query: Omit<Query<'get-inventory-history'>, 'cursor'> = {}, options?: CallOptions): Pages<Schemas['LifeAnswer'], Schemas['LifeVersion']> {
    return new Pages((cursor) => this.historyPage(key, { ...query, cursor }, options), (page: Schemas['LifeAnswer']) => page.versions)
  }

  /** historyPage is one page of a life, for who keeps the cursor. Its audit goes on by audit_before. */
  historyPage(key: string, query: Query<'get-inventory-history'> = {}, options?: CallOptions): Promise<Schemas['LifeAnswer']> {
    return this.#http.get(path`/api/v1/inventory/${key}/history`, query, options)
  }
}

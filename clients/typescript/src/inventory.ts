import { type CallOptions, type Http } from './http.js'
import { Pages } from './pages.js'
import type { Query, Schemas } from './types.js'

/** Inventory is what there is, over all scans: of every cell what its newest good reading saw. */
export class Inventory {
  readonly #http: Http

  constructor(http: Http) {
    this.#http = http
  }

  list(query: Omit<Query<'list-inventory'>, 'cursor' | 'format'> = {}, options?: CallOptions): Pages<Schemas['InventoryAnswer'], Schemas['InventoryResource']> {
    return new Pages((cursor) => this.page({ ...query, cursor }, options), (page: Schemas['InventoryAnswer']) => page.resources)
  }

  /** page is one page, for who keeps the cursor. */
  page(query: Omit<Query<'list-inventory'>, 'format'> = {}, options?: CallOptions): Promise<Schemas['InventoryAnswer']> {
    return this.#http.get('/api/v1/inventory', query, options)
  }

  /** facets counts by one thing after the other. */
  facets(query: Query<'count-inventory'>, options?: CallOptions): Promise<Schemas['FacetsAnswer']> {
    return this.#http.get('/api/v1/inventory/facets', query, options)
  }

  /** groups counts by up to three things at once. */
  groups(query: Query<'group-inventory'>, options?: CallOptions): Promise<Schemas['GroupsAnswer']> {
    return this.#http.get('/api/v1/inventory/groups', query, options)
  }

  /** cells are what was ever looked at, and how well each is known. */
  cells(query: Omit<Query<'list-inventory-cells'>, 'cursor'> = {}, options?: CallOptions): Pages<Schemas['CellsAnswer'], Schemas['KnownCell']> {
    return new Pages((cursor) => this.#http.get('/api/v1/inventory/coverage', { ...query, cursor }, options), (page: Schemas['CellsAnswer']) => page.cells)
  }
}

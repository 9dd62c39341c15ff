/**
 * Pages is a listing. It fetches a page when the one before has been read:
 *
 *     for await (const resource of tracker.jobs.resources(id, { filter: 'type:EBS_Volume' })) …
 */
export class Pages<Page, Item> implements AsyncIterable<Item> {
  readonly #fetch: (cursor: string | undefined) => Promise<Page>
  readonly #items: (page: Page) => Item[]
  readonly #next: (page: Page) => string | undefined

  constructor(
    fetch: (cursor: string | undefined) => Promise<Page>,
    items: (page: Page) => Item[],
    next: (page: Page) => string | undefined = (page) => (page as { next_cursor?: string }).next_cursor,
  ) {
    this.#fetch = fetch
    this.#items = items
    this.#next = next
  }

  /** first is the first answer whole: a listing's summary is on every one. */
  first(): Promise<Page> {
    return this.#fetch(undefined)
  }

  /** pages are the answers whole, with what they say beside their items. */
  async *pages(): AsyncGenerator<Page> {
    let cursor: string | undefined
    do {
      const page = await this.#fetch(cursor)
      yield page
      cursor = this.#next(page)
    } while (cursor)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Item> {
    for await (const page of this.pages()) yield* this.#items(page)
  }

  /** all are the items in one list, or as many of them as bound says. */
  async all(bound = Infinity): Promise<Item[]> {
    const all: Item[] = []
    if (bound <= 0) return all
    for await (const item of this) {
      all.push(item)
      if (all.length >= bound) break
    }
    return all
  }
}

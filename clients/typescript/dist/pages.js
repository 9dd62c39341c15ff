/**
 * Pages is a listing. It fetches a page when the one before has been read:
 *
 *     for await (const resource of tracker.jobs.resources(id, { filter: 'type:EBS_Volume' })) …
 */
export class Pages {
    #fetch;
    #items;
    #next;
    constructor(fetch, items, next = (page) => page.next_cursor) {
        this.#fetch = fetch;
        this.#items = items;
        this.#next = next;
    }
    /** pages are the answers whole, with what they say beside their items. */
    async *pages() {
        let cursor;
        do {
            const page = await this.#fetch(cursor);
            yield page;
            cursor = this.#next(page);
        } while (cursor);
    }
    async *[Symbol.asyncIterator]() {
        for await (const page of this.pages())
            yield* this.#items(page);
    }
    /** all are the items in one list, or as many of them as bound says. */
    async all(bound = Infinity) {
        const all = [];
        if (bound <= 0)
            return all;
        for await (const item of this) {
            all.push(item);
            if (all.length >= bound)
                break;
        }
        return all;
    }
}

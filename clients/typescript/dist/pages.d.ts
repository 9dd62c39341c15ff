/**
 * Pages is a listing. It fetches a page when the one before has been read:
 *
 *     for await (const resource of tracker.jobs.resources(id, { filter: 'type:EBS_Volume' })) …
 */
export declare class Pages<Page, Item> implements AsyncIterable<Item> {
    #private;
    constructor(fetch: (cursor: string | undefined) => Promise<Page>, items: (page: Page) => Item[], next?: (page: Page) => string | undefined);
    /** pages are the answers whole, with what they say beside their items. */
    pages(): AsyncGenerator<Page>;
    [Symbol.asyncIterator](): AsyncGenerator<Item>;
    /** all are the items in one list, or as many of them as bound says. */
    all(bound?: number): Promise<Item[]>;
}

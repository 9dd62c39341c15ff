import { type CallOptions, type Http } from './http.js';
import { Pages } from './pages.js';
import type { Body, Delivery, Schemas, Webhook } from './types.js';
/** Webhooks have events sent to a receiver of yours. A secret is answered once. */
export declare class Webhooks {
    #private;
    constructor(http: Http);
    list(options?: CallOptions): Promise<Webhook[]>;
    add(webhook: Body<'add-webhook'>, options?: CallOptions): Promise<Schemas['WebhookSecretAnswer']>;
    get(id: string, options?: CallOptions): Promise<Webhook>;
    change(id: string, changes: Body<'change-webhook'>, options?: CallOptions): Promise<Webhook>;
    delete(id: string, options?: CallOptions): Promise<void>;
    rotateSecret(id: string, body?: Body<'rotate-webhook-secret'>, options?: CallOptions): Promise<Schemas['WebhookSecretAnswer']>;
    test(id: string, options?: CallOptions): Promise<Delivery>;
    deliveries(id: string, query?: {
        limit?: number;
    }, options?: CallOptions): Pages<Schemas['DeliveriesAnswer'], Delivery>;
    replay(id: string, delivery: string, options?: CallOptions): Promise<Delivery>;
}

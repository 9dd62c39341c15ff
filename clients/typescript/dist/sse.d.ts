/** Message is one server-sent event. */
export interface Message {
    event: string;
    data: string;
    /** The last ID that the stream has named, in this message or before. */
    id: string | undefined;
}
/** Read is what the parser finds: a message, the server's wish for the pause before a reconnect, or a comment, which keeps alive. */
export type Read = {
    message: Message;
} | {
    retry: number;
} | {
    comment: string;
};
/** parse reads an event stream, however its bytes are cut into chunks. */
export declare function parse(body: ReadableStream<Uint8Array>): AsyncGenerator<Read>;

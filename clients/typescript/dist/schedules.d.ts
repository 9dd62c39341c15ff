import { type CallOptions, type Http } from './http.js';
import { Pages } from './pages.js';
import type { Accepted, Body, Schedule, Schemas } from './types.js';
export type ScheduleRequest = Body<'add-schedule'>;
/** Schedules start scans and plans again and again. */
export declare class Schedules {
    #private;
    constructor(http: Http);
    list(query?: {
        limit?: number;
    }, options?: CallOptions): Pages<Schemas['SchedulesAnswer'], Schedule>;
    create(request: ScheduleRequest, options?: CallOptions): Promise<Schedule>;
    get(id: string, options?: CallOptions): Promise<Schedule>;
    replace(id: string, request: ScheduleRequest, options?: CallOptions): Promise<Schedule>;
    delete(id: string, options?: CallOptions): Promise<void>;
    pause(id: string, options?: CallOptions): Promise<Schedule>;
    resume(id: string, options?: CallOptions): Promise<Schedule>;
    /** run starts it now, beside its times. */
    run(id: string, options?: CallOptions): Promise<Accepted>;
    runs(id: string, options?: CallOptions): Promise<Schemas['RunsAnswer']>;
    history(id: string, options?: CallOptions): Promise<Schemas['ScheduleEvent'][]>;
}

import type { Tracker } from './tracker.js';
import { type Job } from './types.js';
/** RegionProgress is what is known of a region of a scan that runs. */
export interface RegionProgress {
    region: string;
    /** Resources found so far. */
    resources: number;
    /** Cells that have ended. */
    closed: number;
    /** Cells that ended without having seen everything. */
    failed: number;
}
/** ScanProgress is how a scan stands. */
export interface ScanProgress {
    job: Job | undefined;
    /** By name. Where the job is polled, only the resources of each are known. */
    regions: RegionProgress[];
    connection: 'connecting' | 'live' | 'reconnecting' | 'polling';
}
export interface WatchOptions {
    /** 'stream' follows the job's events, 'poll' asks for the job again and again. 'stream' if not told. */
    mode?: 'stream' | 'poll';
    /** Milliseconds between two looks at the job. 1,000 if not told. */
    every?: number;
    signal?: AbortSignal;
}
/** watchScan tells how a scan stands each time that something has changed, and answers the job when it has ended. */
export declare function watchScan(tracker: Tracker, jobId: string, tell: (progress: ScanProgress) => void, options?: WatchOptions): Promise<Job>;

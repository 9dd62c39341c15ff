import { type Job, type RegionProgress, type ScanProgress, type ScanRequest, type Tracker, type WatchOptions } from '../index.js';
export interface UseScan {
    /** 'idle' before the first scan, 'error' when the scan could not be started or followed to its end. */
    status: 'idle' | 'starting' | 'running' | 'ended' | 'error';
    job: Job | undefined;
    regions: RegionProgress[];
    /** How the progress reaches the page. */
    connection: ScanProgress['connection'];
    error: Error | undefined;
    /** start begins a scan. The hook keeps no credentials. */
    start: (request: ScanRequest) => Promise<void>;
    /** watch follows a scan that runs already, or has ended, such as after a reload. */
    watch: (jobId: string) => void;
    cancel: () => Promise<void>;
}
/** useScan starts a scan and shows it as it runs. It stops following when the component goes; the scan goes on. */
export declare function useScan(tracker: Tracker, options?: Pick<WatchOptions, 'mode' | 'every'>): UseScan;

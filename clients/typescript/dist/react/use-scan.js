import { useCallback, useEffect, useRef, useState } from 'react';
import { hasEnded, watchScan } from '../index.js';
const idle = { status: 'idle', progress: { job: undefined, regions: [], connection: 'connecting' } };
/** useScan starts a scan and shows it as it runs. It stops following when the component goes; the scan goes on. */
export function useScan(tracker, options = {}) {
    const [state, setState] = useState(idle);
    const running = useRef(undefined);
    const { mode, every } = options;
    // turn ends what was followed before; only the newest one may set the state.
    const turn = useCallback((status) => {
        running.current?.abort();
        running.current = new AbortController();
        setState({ ...idle, status });
        return running.current.signal;
    }, []);
    useEffect(() => () => running.current?.abort(), []);
    const follow = useCallback(async (jobId, signal) => {
        const tell = (progress) => {
            if (!signal.aborted)
                setState({ status: progress.job && hasEnded(progress.job.state) ? 'ended' : 'running', progress });
        };
        await watchScan(tracker, jobId, tell, { mode, every, signal });
    }, [tracker, mode, every]);
    const attempt = useCallback(async (signal, work) => {
        try {
            await work();
        }
        catch (cause) {
            const error = cause instanceof Error ? cause : new Error(String(cause));
            if (!signal.aborted)
                setState((before) => ({ ...before, status: 'error', error }));
        }
    }, []);
    const start = useCallback(async (request) => {
        const signal = turn('starting');
        await attempt(signal, async () => follow((await tracker.scan(request, { signal })).job_id, signal));
    }, [tracker, turn, attempt, follow]);
    const watch = useCallback((jobId) => {
        const signal = turn('running');
        void attempt(signal, () => follow(jobId, signal));
    }, [turn, attempt, follow]);
    const jobId = state.progress.job?.job_id;
    const cancel = useCallback(async () => {
        if (jobId !== undefined)
            await tracker.jobs.cancel(jobId);
    }, [tracker, jobId]);
    return { status: state.status, ...state.progress, error: state.error, start, watch, cancel };
}

import { passes, TrackerError } from './errors.js';
import { patiently, sleep } from './http.js';
import { hasEnded } from './types.js';
/** watchScan tells how a scan stands each time that something has changed, and answers the job when it has ended. */
export async function watchScan(tracker, jobId, tell, options = {}) {
    const scan = new Watched(tracker, jobId, tell, options);
    return options.mode === 'poll' ? scan.poll() : scan.stream();
}
class Watched {
    #tracker;
    #id;
    #tell;
    #every;
    #signal;
    #cells = new Map();
    #job;
    #connection = 'connecting';
    #lookedAt = 0;
    constructor(tracker, id, tell, options) {
        this.#tracker = tracker;
        this.#id = id;
        this.#tell = tell;
        this.#every = options.every ?? 1000;
        this.#signal = options.signal;
    }
    async poll() {
        for (;;) {
            const job = await this.#patientLook();
            this.#connection = 'polling';
            this.#report();
            if (hasEnded(job.state))
                return job;
            await sleep(this.#every, this.#signal);
        }
    }
    async stream() {
        const events = this.#tracker.follow(this.#id, { signal: this.#signal, onConnection: this.#connected });
        try {
            for await (const event of events) {
                await this.#take(event);
                this.#report();
            }
        }
        catch (error) {
            // A tenant follows a number of streams at once. Another one goes on by polling.
            if (error instanceof TrackerError && error.status === 429)
                return this.poll();
            throw error;
        }
        const job = await this.#patientLook();
        this.#report();
        return job;
    }
    #connected = (connection) => {
        this.#connection = connection === 'open' ? 'live' : 'reconnecting';
        this.#report();
    };
    /** #take keeps each cell once, although a stream may tell of it twice. Counts of the whole scan come with the job. */
    async #take(event) {
        if (event.event === 'cells') {
            for (const cell of event.data.cells)
                this.#cells.set(`${cell.account_id}/${cell.region}/${cell.resource_type}`, cell);
        }
        if (event.event === 'done' || Date.now() - this.#lookedAt < this.#every)
            return;
        try {
            await this.#look();
        }
        catch (error) {
            if (!passes(error))
                throw error; // the stream goes on, and the next look may succeed
        }
    }
    #patientLook() {
        return patiently(() => this.#look(), this.#signal, () => this.#connected('lost'));
    }
    async #look() {
        this.#job = await this.#tracker.jobs.get(this.#id, { signal: this.#signal });
        this.#lookedAt = Date.now();
        return this.#job;
    }
    #report() {
        this.#tell({ job: this.#job, regions: this.#cells.size === 0 ? this.#counted() : this.#seen(), connection: this.#connection });
    }
    #seen() {
        const regions = new Map();
        for (const cell of this.#cells.values()) {
            const region = regions.get(cell.region) ?? { region: cell.region, resources: 0, closed: 0, failed: 0 };
            region.resources += cell.resources;
            region.closed += 1;
            if (cell.outcome !== 'ok' && cell.outcome !== 'empty')
                region.failed += 1;
            regions.set(cell.region, region);
        }
        return byName([...regions.values()]);
    }
    #counted() {
        const counts = Object.entries(this.#job?.summary.by_region ?? {});
        return byName(counts.map(([region, resources]) => ({ region, resources, closed: 0, failed: 0 })));
    }
}
const byName = (regions) => regions.sort((a, b) => (a.region < b.region ? -1 : 1));

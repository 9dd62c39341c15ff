import { passes, TrackerError } from './errors.js'
import { patiently, sleep } from './http.js'
import type { Tracker } from './tracker.js'
import { type Cell, hasEnded, type Job, type JobEvent } from './types.js'

/** RegionProgress is what is known of a region of a scan that runs. */
export interface RegionProgress {
  region: string
  /** Resources found so far. */
  resources: number
  /** Cells that have ended. */
  closed: number
  /** Cells that ended without having seen everything. */
  failed: number
}

/** ScanProgress is how a scan stands. */
export interface ScanProgress {
  job: Job | undefined
  /** By name. Where the job is polled, only the resources of each are known. */
  regions: RegionProgress[]
  connection: 'connecting' | 'live' | 'reconnecting' | 'polling'
}

export interface WatchOptions {
  /** 'stream' follows the job's events, 'poll' asks for the job again and again. 'stream' if not told. */
  mode?: 'stream' | 'poll'
  /** Milliseconds between two looks at the job. 1,000 if not told. */
  every?: number
  signal?: AbortSignal
}

/** watchScan tells how a scan stands each time that something has changed, and answers the job when it has ended. */
export async function watchScan(tracker: Tracker, jobId: string, tell: (progress: ScanProgress) => void, options: WatchOptions = {}): Promise<Job> {
  const scan = new Watched(tracker, jobId, tell, options)
  return options.mode === 'poll' ? scan.poll() : scan.stream()
}

class Watched {
  readonly #tracker: Tracker
  readonly #id: string
  readonly #tell: (progress: ScanProgress) => void
  readonly #every: number
  readonly #signal: AbortSignal | undefined
  readonly #cells = new Map<string, Cell>()
  #job: Job | undefined
  #connection: ScanProgress['connection'] = 'connecting'
  #lookedAt = 0

  constructor(tracker: Tracker, id: string, tell: (progress: ScanProgress) => void, options: WatchOptions) {
    this.#tracker = tracker
    this.#id = id
    this.#tell = tell
    this.#every = options.every ?? 1000
    this.#signal = options.signal
  }

  async poll(): Promise<Job> {
    for (;;) {
      const job = await this.#patientLook()
      this.#connection = 'polling'
      this.#report()
      if (hasEnded(job.state)) return job
      await sleep(this.#every, this.#signal)
    }
  }

  async stream(): Promise<Job> {
    const events = this.#tracker.follow(this.#id, { signal: this.#signal, onConnection: this.#connected })
    try {
      for await (const event of events) {
        await this.#take(event)
        this.#report()
      }
    } catch (error) {
      // A tenant follows a number of streams at once. Another one goes on by polling.
      if (error instanceof TrackerError && error.status === 429) return this.poll()
      throw error
    }
    const job = await this.#patientLook()
    this.#report()
    return job
  }

  readonly #connected = (connection: 'open' | 'lost'): void => {
    this.#connection = connection === 'open' ? 'live' : 'reconnecting'
    this.#report()
  }

  /** #take keeps each cell once, although a stream may tell of it twice. Counts of the whole scan come with the job. */
  async #take(event: JobEvent): Promise<void> {
    if (event.event === 'cells') {
      for (const cell of event.data.cells) this.#cells.set(`${cell.account_id}/${cell.region}/${cell.resource_type}`, cell)
    }
    if (event.event === 'done' || Date.now() - this.#lookedAt < this.#every) return
    try {
      await this.#look()
    } catch (error) {
      if (!passes(error)) throw error // the stream goes on, and the next look may succeed
    }
  }

  #patientLook(): Promise<Job> {
    return patiently(() => this.#look(), this.#signal, () => this.#connected('lost'))
  }

  async #look(): Promise<Job> {
    this.#job = await this.#tracker.jobs.get(this.#id, { signal: this.#signal })
    this.#lookedAt = Date.now()
    return this.#job
  }

  #report(): void {
    this.#tell({ job: this.#job, regions: this.#cells.size === 0 ? this.#counted() : this.#seen(), connection: this.#connection })
  }

  #seen(): RegionProgress[] {
    const regions = new Map<string, RegionProgress>()
    for (const cell of this.#cells.values()) {
      const region = regions.get(cell.region) ?? { region: cell.region, resources: 0, closed: 0, failed: 0 }
      region.resources += cell.resources
      region.closed += 1
      if (cell.outcome !== 'ok' && cell.outcome !== 'empty') region.failed += 1
      regions.set(cell.region, region)
    }
    return byName([...regions.values()])
  }

  #counted(): RegionProgress[] {
    const counts = Object.entries(this.#job?.summary.by_region ?? {})
    return byName(counts.map(([region, resources]) => ({ region, resources, closed: 0, failed: 0 })))
  }
}

const byName = (regions: RegionProgress[]): RegionProgress[] => regions.sort((a, b) => (a.region < b.region ? -1 : 1))

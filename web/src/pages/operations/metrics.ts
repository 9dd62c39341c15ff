/** Sample is a value that the server tells of itself. */
export interface Sample { labels: Record<string, string>; value: number }

/** Metrics are the samples of a moment, by name. */
export interface Metrics { at: string; of: (name: string, where?: Record<string, string>) => Sample[] }

const prefix = 'resource_tracker_'
const line = /^resource_tracker_(\w+?)(?:\{(.*)\})? (\S+)$/
const label = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** readMetrics reads the text that Prometheus reads, too. Buckets are left out. */
export function readMetrics(text: string, at: Date): Metrics {
  const byName = new Map<string, Sample[]>()
  for (const one of text.split('\n')) {
    if (!one.startsWith(prefix)) continue
    const found = line.exec(one)
    if (!found || found[1]!.endsWith('_bucket')) continue
    const labels = Object.fromEntries([...(found[2] ?? '').matchAll(label)].map(([, name, value]) => [name!, value!.replaceAll(/\\(.)/g, '$1')]))
    const samples = byName.get(found[1]!) ?? []
    samples.push({ labels, value: Number(found[3]) })
    byName.set(found[1]!, samples)
  }
  const of = (name: string, where: Record<string, string> = {}) => (byName.get(name) ?? []).filter((sample) => Object.entries(where).every(([key, value]) => sample.labels[key] === value))
  return { at: at.toISOString(), of }
}

/** only is the value of what is there once; undefined where the server does not tell it. */
export const only = (metrics: Metrics, name: string): number | undefined => metrics.of(name)[0]?.value

/** sum adds up values. */
export const sum = (samples: Sample[]): number => samples.reduce((all, one) => all + one.value, 0)

/** groups are the values of a label, in order. */
export const groups = (samples: Sample[], key: string): string[] => [...new Set(samples.map((sample) => sample.labels[key] ?? ''))].sort()

/** fetchMetrics asks the server for what it tells operators of itself. */
export async function fetchMetrics(signal: AbortSignal): Promise<Metrics> {
  const answer = await fetch('/metrics', { signal, credentials: 'same-origin' })
  if (answer.status === 404) throw new Error('This server tells nothing of itself: METRICS_ENABLED is off.')
  if (!answer.ok) throw new Error(`The server answered ${answer.status} when it was asked how it is.`)
  return readMetrics(await answer.text(), new Date())
}

/** hasMonitoring says whether the page of the queues is on. */
export async function hasMonitoring(signal: AbortSignal): Promise<boolean> {
  return (await fetch('/monitoring/', { method: 'HEAD', signal, credentials: 'same-origin' })).ok
}

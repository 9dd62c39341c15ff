import type { Schemas } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { faultAt } from '../../ui/faults'

/** kept is the dimension that trends are kept by in place of one. Services have none; a tag has one where HISTORY_TAGS names it. */
const kept = (by: string): string => (by === 'service' ? 'type' : by)

/** orTotal asks for the total alone where a tag has no trend of its own. The answer says what it is by. */
async function orTotal<T>(by: string, ask: (by: string) => Promise<T>): Promise<T> {
  try {
    return await ask(kept(by))
  } catch (error) {
    if (by.startsWith('tag:') && faultAt(error, 'query.by') !== undefined) return ask('none')
    throw error
  }
}

export const useTrend = (by: string, days: string) => useQuery<Schemas['TrendAnswer']>({
  queryKey: ['trend', kept(by), days],
  queryFn: ({ signal }) => orTotal(by, (one) => tracker.trends.get({ by: one, from: `${days}d`, top: 12 }, { signal })),
})

export const useAnomalies = (by: string, days: string) => useQuery<Schemas['AnomaliesAnswer']>({
  queryKey: ['anomalies', kept(by), days],
  queryFn: ({ signal }) => orTotal(by, (one) => tracker.trends.anomalies({ by: one, from: `${days}d` }, { signal })),
})

export const useForecast = () => useQuery({ queryKey: ['forecast', 'none'], queryFn: ({ signal }) => tracker.trends.forecast({ by: 'none' }, { signal }) })

/** outlookOf is what a chart draws of a forecast; nothing where there is none. */
export const outlookOf = (forecast: Schemas['ForecastAnswer'] | undefined) =>
  forecast && forecast.total.method !== 'none'
    ? { label: `${forecast.month}, whole month`, low: forecast.total.low, value: forecast.total.forecast, high: forecast.total.high }
    : undefined

import type { Schemas } from '@consolesensei/resource-tracker'
import { useQuery } from '@tanstack/react-query'
import { useAccount } from '../../api/account'
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

/** useTrend is the trend of everything by a dimension, or that of the account that is chosen, which has none by another dimension. */
export function useTrend(by: string, days: string) {
  const account = useAccount()
  return useQuery<Schemas['TrendAnswer']>({
    queryKey: ['trend', account, account ? 'account' : kept(by), days],
    queryFn: async ({ signal }) => {
      const from = `${days}d`
      if (!account) return orTotal(by, (one) => tracker.trends.get({ by: one, from, top: 12 }, { signal }))
      const { groups, other: _, ...trend } = await tracker.trends.get({ by: 'account', key: account, from }, { signal })
      return { ...trend, by: 'none', groups: [], total: groups[0]?.points ?? [] }
    },
  })
}

/** useAnomalies are the days that stand out, of everything or of the account that is chosen. */
export function useAnomalies(by: string, days: string) {
  const account = useAccount()
  return useQuery<Schemas['AnomaliesAnswer']>({
    queryKey: ['anomalies', account, account ? 'account' : kept(by), days],
    queryFn: async ({ signal }) => {
      const from = `${days}d`
      if (!account) return orTotal(by, (one) => tracker.trends.anomalies({ by: one, from }, { signal }))
      return tracker.trends.anomalies({ by: 'account', key: account, from }, { signal })
    },
  })
}

/** useForecast is the forecast of the month, of everything or of the account that is chosen; null where the account has none. */
export function useForecast() {
  const account = useAccount()
  return useQuery<Schemas['ForecastAnswer'] | null>({
    queryKey: ['forecast', account],
    queryFn: async ({ signal }) => {
      if (!account) return tracker.trends.forecast({ by: 'none' }, { signal })
      const { groups: [own], ...forecast } = await tracker.trends.forecast({ by: 'account', key: account }, { signal })
      return own ? { ...forecast, groups: [], total: own } : null
    },
  })
}

/** outlookOf is what a chart draws of a forecast; nothing where there is none. */
export const outlookOf = (forecast: Schemas['ForecastAnswer'] | null | undefined) =>
  forecast && forecast.total.method !== 'none'
    ? { label: `${forecast.month}, whole month`, low: forecast.total.low, value: forecast.total.forecast, high: forecast.total.high }
    : undefined

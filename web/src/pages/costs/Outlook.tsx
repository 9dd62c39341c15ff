import type { Schemas } from '@consolesensei/resource-tracker'
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { money, share } from '../../ui/format'

/** Outlook is what the month has cost, and will have cost. */
export function Outlook({ total, month, interval, children }: Pick<Schemas['ForecastAnswer'], 'total' | 'month' | 'interval'> & { children?: ReactNode }) {
  return (
    <Text size="sm" mt="xs">
      {month} until today: {money(total.month_to_date)}.{' '}
      {total.method === 'none' ? 'There is no forecast yet.' : <>Forecast of the month: <strong>{money(total.forecast)}</strong>, {money(total.low)} to {money(total.high)} in {share(interval)} of months.</>}
      {children}
    </Text>
  )
}

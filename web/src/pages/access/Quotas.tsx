import { Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Asked, Empty } from '../../ui/States'
import { QuotaTable } from './QuotaTable'

/** Quotas are what the tenant and you may use, and how much of it is used. */
export function Quotas() {
  const quotas = useQuery({ queryKey: ['quotas'], queryFn: ({ signal }) => tracker.quota({ signal }), refetchInterval: 30_000 })
  return (
    <Asked query={quotas} what="the quotas" height={320}>
      {(all) => {
        const own = all.filter((quota) => quota.name.startsWith('principal.'))
        return all.length === 0 ? <Empty title="This server has no quotas" /> : (
          <Stack gap="md">
            <Text size="sm">Counted a moment ago, and again every half minute.</Text>
            <Title order={2} size="h4">Of the tenant</Title>
            <QuotaTable name="Quotas of the tenant" quotas={all.filter((quota) => !quota.name.startsWith('principal.'))} />
            {own.length > 0 && <><Title order={2} size="h4">Of these, yours</Title><QuotaTable name="Your quotas" quotas={own} /></>}
          </Stack>
        )
      }}
    </Asked>
  )
}

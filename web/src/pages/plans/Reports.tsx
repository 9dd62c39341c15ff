import { Anchor, Group, Text } from '@mantine/core'

/** Reports are links to what was asked, looked at, refused, sent, verified and undone, in the formats of the API. The browser sends the session by itself. */
export function Reports({ planId }: { planId: string }) {
  const at = (format: string) => `/api/v1/plans/${encodeURIComponent(planId)}/report?format=${format}`
  return (
    <Group gap="xs">
      <Text size="sm">Report:</Text>
      <Anchor size="sm" underline="always" href={at('html')} target="_blank" rel="noreferrer">page to print</Anchor>
      <Anchor size="sm" underline="always" href={at('csv')} download={`plan-${planId}.csv`}>CSV</Anchor>
      <Anchor size="sm" underline="always" href={at('json')} download={`plan-${planId}.json`}>JSON</Anchor>
    </Group>
  )
}

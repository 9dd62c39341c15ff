import { Stack, Text } from '@mantine/core'
import { ShownOnce } from '../../ui/ShownOnce'

/** Secret shows a key's secret once. */
export function Secret({ secret, onClose }: { secret: string; onClose: () => void }) {
  return (
    <Stack>
      <ShownOnce secret={secret} warning="The server keeps no more than its SHA-256. Copy it now: nobody can show it again." onClose={onClose} />
      <Text size="xs">Programs send it as the header X-API-Key.</Text>
    </Stack>
  )
}

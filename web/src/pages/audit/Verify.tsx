import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, Button, Code, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { tracker } from '../../api/tracker'
import { count, plural } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Failed } from '../../ui/States'

interface Checked { lines: number; from?: Schemas['AuditMark']; last: Schemas['VerifyAnswer'] }

/** Verify has the server check all lines, as many calls as that takes, and says whether they are as they were written. */
export function Verify() {
  const [lines, setLines] = useState(0)
  const verify = useMutation({
    mutationFn: async (): Promise<Checked> => {
      setLines(0)
      for (let cursor: string | undefined, all = 0, from: Schemas['AuditMark'] | undefined; ;) {
        const last: Schemas['VerifyAnswer'] = await tracker.verifyAudit({ cursor, limit: 5_000 })
        all += last.lines
        from ??= last.from
        setLines(all)
        if (!last.next_cursor) return { lines: all, from, last }
        cursor = last.next_cursor
      }
    },
  })
  return (
    <Stack gap="xs" w={verify.data || verify.isError ? '100%' : undefined} align="flex-start">
      <Button variant="default" onClick={() => verify.mutate()} loading={verify.isPending}>Check the chain</Button>
      {verify.isPending && lines > 0 && <Text size="sm" role="status">{plural(lines, 'line')} checked</Text>}
      {verify.isError && <Failed error={verify.error} again={() => verify.mutate()} />}
      {verify.data && <Result checked={verify.data} />}
    </Stack>
  )
}

function Result({ checked: { lines, from, last } }: { checked: Checked }) {
  const { broken, to, dropped } = last
  return (
    <Alert color={broken ? 'red' : 'teal'} variant="outline" icon={<Icon name={broken ? 'alert' : 'audit'} />} role="status" w="100%"
      title={broken ? `The chain does not hold at line ${count(broken.number)}` : 'The chain holds'}>
      {broken && <Text size="sm">{broken.message}{broken.event_id && <> (<Code>{broken.event_id}</Code>)</>}</Text>}
      <Text size="sm">
        {plural(lines, 'line')} {broken ? 'before it hold' : 'checked: none was changed, removed, inserted or swapped'}{from && to && `, number ${count(from.number)} to ${count(to.number)}`}.
        {dropped > 0 && ` ${plural(dropped, 'older line')} ${dropped === 1 ? 'is' : 'are'} kept no longer.`}
      </Text>
      {!broken && to && <Text size="sm">Keep the hash of the last line elsewhere: <Code style={{ overflowWrap: 'anywhere' }}>{to.hash}</Code>. Whoever can write all that is kept here can also reckon all hashes anew.</Text>}
    </Alert>
  )
}

import type { Cell, Job } from '@consolesensei/resource-tracker'
import { Alert, Code, List, Stack, Text } from '@mantine/core'
import { Cells } from '../../ui/Cells'
import { plural, words } from '../../ui/format'
import { Icon } from '../../ui/Icon'

/** fixes are what to do about an outcome, in a sentence. */
const fixes: Record<string, string> = {
  denied: 'Allow the call in the policy of the role or key, and retry the scan.',
  denied_scp: 'A policy of the organisation denies the call: the account cannot allow it.',
  not_opted_in: 'The region is off for the account.',
  bad_credentials: 'The credentials are wrong, or have expired.',
  throttled: 'AWS slowed the calls down for too long: retry the scan when less is going on.',
  timeout: 'The scan ran out of time: give it more, or fewer regions.',
}

/** Causes are why cells were not seen, the cells of each cause, and what would help. What was not seen is not counted as empty. */
export function Causes({ errors, cells }: { errors: Job['errors']; cells: Cell[] }) {
  if (errors.length === 0) return null
  const total = errors.reduce((sum, error) => sum + error.cells, 0)
  return (
    <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={`${plural(total, 'cell')} not seen, of ${plural(errors.length, 'cause')}`}>
      <List spacing="sm" listStyleType="none">
        {errors.map((error) => {
          const own = cells.filter((cell) => cell.outcome === error.outcome && cell.error?.api === error.api && cell.error?.code === error.code)
          return (
            <List.Item key={`${error.outcome}/${error.api}/${error.code}`}>
              <Stack gap={2}>
                <Text size="sm"><strong>{plural(error.cells, 'cell')}: {words(error.outcome)}</strong>{error.code && <> (<Code>{error.code}</Code>)</>}</Text>
                <Text size="sm">{error.message}</Text>
                <Text size="sm">{fixes[error.outcome]}{error.outcome === 'denied' && error.api && <> The permission is <Code>{error.api}</Code>.</>}</Text>
                <Cells label="Which cells" cells={own.map((cell) => ({ ...cell, why: cell.error?.message ?? cell.outcome }))} more={error.cells - own.length} />
              </Stack>
            </List.Item>
          )
        })}
      </List>
    </Alert>
  )
}

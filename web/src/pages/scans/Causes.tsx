import type { Cell, Job } from '@consolesensei/resource-tracker'
import { Alert, Code, List, Stack, Text } from '@mantine/core'
import { useTypes } from '../../api/jobs'
import { Cells } from '../../ui/Cells'
import { Folded } from '../../ui/Folded'
import { plural, words } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Permission } from './Permission'

type Cause = Job['errors'][number]

/** fixes are what to do about an outcome, in a sentence. */
const fixes: Record<string, string> = {
  denied: 'Allow the call in a policy of the role or user, then retry the failed cells.',
  denied_scp: 'A policy of the organisation denies the call. The account cannot allow it: whoever runs the organisation can, or the region is left out of scans.',
  not_opted_in: 'The region is off for the account. Opt in to it, or leave it out of scans.',
  unsupported: 'AWS does not offer the service in the region: there is nothing to see and nothing to do.',
  bad_credentials: 'The credentials are wrong, or have expired. Retry the failed cells with others.',
  throttled: 'AWS slowed the calls down for too long. Retry the failed cells when less is going on in the account.',
  timeout: 'The scan ran out of time. Retry the failed cells, or scan fewer regions at once.',
  cancelled: 'The scan was cancelled before it came to them. Retry them, or start another scan.',
  error: 'AWS answered an error, or could not be reached. Retry the failed cells.',
}

const isOf = (cause: Cause) => (cell: Cell): boolean => cell.outcome === cause.outcome && cell.error?.api === cause.api && cell.error?.code === cause.code

/** Causes are why cells were not seen: by cause the cells of it, and what would help. What was not seen is not counted as empty. */
export function Causes({ errors, cells, isRunning }: { errors: Job['errors']; cells: Cell[]; isRunning: boolean }) {
  if (errors.length === 0) return null
  const total = errors.reduce((sum, error) => sum + error.cells, 0)
  return (
    <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={`${plural(total, 'cell')} not seen${isRunning ? ' so far' : ''}, of ${plural(errors.length, 'cause')}`}>
      <Text size="sm" mb="sm">What is in them is not known: no figure here counts it, and none takes it for gone.</Text>
      <List spacing="md" listStyleType="none">
        {errors.map((error) => <List.Item key={`${error.outcome}/${error.api}/${error.code}`}><CauseItem cause={error} cells={cells.filter(isOf(error))} /></List.Item>)}
      </List>
    </Alert>
  )
}

/** CauseItem is one cause: how many cells, where, AWS's words, and the way out of it. */
function CauseItem({ cause, cells }: { cause: Cause; cells: Cell[] }) {
  const catalogue = useTypes().data?.types
  const types = [...new Set(cells.length > 0 ? cells.map((cell) => cell.resource_type) : [cause.example.resource_type])]
  const regions = new Set(cells.map((cell) => cell.region))
  const allows = catalogue?.some((one) => types.includes(one.type) && cause.api !== undefined && one.permissions.includes(cause.api))
  return (
    <Stack gap={4}>
      <Text size="sm"><strong>{plural(cause.cells, 'cell')}: {words(cause.outcome)}</strong>{cause.code && <> (<Code>{cause.code}</Code>)</>}{cause.api && <> at <Code>{cause.api}</Code></>}, in {plural(regions.size || 1, 'region')} and of {plural(types.length, 'type')}</Text>
      <Text size="sm" className="mono">{cause.message}</Text>
      <Text size="sm">{fixes[cause.outcome]}{cause.outcome === 'denied' && allows && <> The permission is <Code>{cause.api}</Code>.</>}</Text>
      <Cells label={`Which ${plural(cause.cells, 'cell')}`} cells={cells.map((cell) => ({ ...cell, why: cell.error?.message ?? cell.outcome }))} more={cause.cells - cells.length} />
      {cause.outcome === 'denied' && (
        <Folded summary="The policy to allow it">{() => <Permission types={types} action={allows ? cause.api : undefined} />}</Folded>
      )}
    </Stack>
  )
}

import { hasEnded, type Schemas, TrackerError } from '@consolesensei/resource-tracker'
import { Anchor, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Frame } from '../../ui/Frame'
import { moment, plural, words } from '../../ui/format'
import { Asked, Empty } from '../../ui/States'
import { Table } from '../../ui/Table'
import { To } from '../../ui/To'
import { keyOf } from '../inventory/key'
import { RelationGraph } from './RelationGraph'
import { type Subject, useOpen } from './subject'

/** looked is how many scans are asked about a resource before it is said that none of them has it. */
const looked = 5

/** Relations is what a resource belongs together with. A scan knows that, so it says which one. */
export function Relations({ subject }: { subject: Subject }) {
  const open = useOpen()
  const seen = useQuery({ queryKey: ['relations', subject.key, subject.now?.seen_at], queryFn: ({ signal }) => relationsOf(subject, signal), staleTime: 60_000 })
  return (
    <Asked query={seen} what="the relations" height={220}>
      {(found) => found === null ? <Empty title="Its relations are not known">A scan knows them while its result is kept. None of the newest {looked} scans that are kept has this resource.</Empty> : (
        <Stack gap="sm">
          <Text size="sm">
            From <To to="/scans/$id" params={{ id: found.job.job_id }}>the scan of {moment(found.job.started_at)}</To>
            {!found.isNewest && ', which is not the one that saw the resource last'}.
            {!found.answer.complete && ' That scan did not see everything: relations may be missing.'}
          </Text>
          {found.answer.relations.length === 0 ? <Empty title="It has none">{found.answer.complete ? 'It names no other resource, and none names it.' : 'None that the scan saw.'}</Empty> : (
            <>
              <RelationGraph name={subject.one.resource_name ?? subject.one.resource_id} relations={found.answer.relations} onOpen={open} />
              <List relations={found.answer.relations} onOpen={open} />
            </>
          )}
        </Stack>
      )}
    </Asked>
  )
}

function List({ relations, onOpen }: { relations: Schemas['Relation'][]; onOpen: (key: string) => void }) {
  return (
    <details>
      <summary>{plural(relations.length, 'relation')} as a table</summary>
      <Frame name="Relations" width={420}>
        <Table verticalSpacing={4}>
          <thead><tr><th>Relation</th><th>As said by</th><th>Other resource</th><th>Type</th></tr></thead>
          <tbody>
            {relations.map((one, index) => (
              <tr key={index}>
                <td>{words(one.relation)}</td>
                <td>{one.direction === 'out' ? 'this one' : 'the other'}</td>
                <td>
                  {one.key ? <Anchor component="button" type="button" size="sm" ta="left" underline="always" onClick={() => onOpen(one.key!)}>{one.name ?? one.resource_id}</Anchor> : <Text size="sm">{one.name ?? one.resource_id}</Text>}
                  {!one.found && <Text size="xs">not in that scan: it is gone, or was not scanned</Text>}
                </td>
                <td>{words(one.resource_type)}</td>
              </tr>
            ))}
          </tbody>
        </Table>
      </Frame>
    </details>
  )
}

/** relationsOf asks the scan that saw the resource last, which is the one that began when the cell was seen, and then the newest others. */
async function relationsOf({ one, now }: Subject, signal: AbortSignal) {
  const scans = (await tracker.jobs.list({ limit: 100 }, { signal }).first()).jobs.filter((job) => job.kind === 'scan' && hasEnded(job.state))
  const seen = Date.parse(now?.seen_at ?? '')
  const newest = scans.find((job) => Date.parse(job.started_at ?? '') === seen)
  const order = [...(newest ? [newest] : []), ...scans.filter((job) => job !== newest)].slice(0, looked)
  for (const job of order) {
    try {
      return { job, isNewest: job === newest, answer: await tracker.jobs.relations(job.job_id, keyOf(one), { signal }) }
    } catch (error) {
      // The scan did not have the resource, or its result is not kept any more.
      if (!(error instanceof TrackerError && error.status === 404)) throw error
    }
  }
  return null
}

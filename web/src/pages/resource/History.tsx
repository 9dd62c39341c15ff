import type { Schemas } from '@consolesensei/resource-tracker'
import { Alert, Button, Stack, Text, Timeline, Title } from '@mantine/core'
import { change, moment, money } from '../../ui/format'
import { FieldChanges } from '../../ui/FieldChanges'
import { Icon } from '../../ui/Icon'
import { Failed, Loading } from '../../ui/States'
import { AuditLines } from './AuditLines'
import { type Subject, useLife } from './subject'

/** History is what a resource was from when to when, and who did what about it. It says where that ends because no more is kept. */
export function History({ subject: { key } }: { subject: Subject }) {
  const pages = useLife(key)
  const life = pages.data?.pages[0]
  if (!life) return pages.isError ? <Failed error={pages.error} again={() => void pages.refetch()} /> : <Loading what="the history" height={320} />
  const versions = pages.data!.pages.flatMap((page) => page.versions)
  const first = versions.at(-1)
  return (
    <Stack gap="md">
      {pages.isError && <Failed error={pages.error} again={() => void pages.refetch()} />}
      {life.cell.standing !== 'good' && (
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title="How it is now is not known">
          <Text size="sm">Its cell was last seen to its end {moment(life.cell.seen_at)}; the last look at {moment(life.cell.looked_at)} ended as {life.cell.outcome}.</Text>
        </Alert>
      )}
      <div>
        <Title order={3} size="h5">Versions</Title>
        <Text size="sm" mb="sm">A moment is that of the scan that first saw it: what happened, happened between that scan and the one before it.</Text>
        <Timeline bulletSize={14} lineWidth={2} active={versions.length}>
          {life.gone_at && <Timeline.Item color="red.9" title={<Text size="sm" fw={600} component="span">Gone</Text>}><Text size="xs">{moment(life.gone_at)}</Text></Timeline.Item>}
          {versions.map((version) => <Timeline.Item key={version.since} title={<Text size="sm" fw={600} component="span">{titleOf(version)}</Text>}><Version version={version} /></Timeline.Item>)}
        </Timeline>
        {pages.hasNextPage ? <Button mt="sm" size="xs" variant="default" onClick={() => void pages.fetchNextPage()} loading={pages.isFetchingNextPage}>Older versions</Button>
          : first && !first.began && <Text size="sm" mt="sm">What it was before {moment(first.since)} is not kept any more.</Text>}
      </div>
      <AuditLines resourceKey={key} newest={life.audit} />
    </Stack>
  )
}

const titleOf = ({ began }: Schemas['LifeVersion']): string => (began === 'added' ? 'Seen for the first time' : began === 'changed' ? 'Changed' : 'The oldest that is kept')

function Version({ version }: { version: Schemas['LifeVersion'] }) {
  return (
    <Stack gap={4}>
      <Text size="xs">{moment(version.since)} to {version.until ? moment(version.until) : 'now'}</Text>
      <Text size="sm">{version.state}, {money(version.cost)} a month{version.cost_difference !== null && version.cost_difference !== 0 && ` (${change(version.cost_difference)})`}</Text>
      <FieldChanges fields={version.fields} />
      {version.noise && version.noise.length > 0 && (
        <details><summary><Text size="xs" component="span">What differs although nobody has changed it</Text></summary><FieldChanges fields={version.noise} /></details>
      )}
    </Stack>
  )
}

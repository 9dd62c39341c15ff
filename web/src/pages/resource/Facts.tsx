import { Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { moment, since, words } from '../../ui/format'
import { Cost } from './Cost'
import { Pairs } from './Pairs'
import type { Subject } from './subject'

/** Facts is what a resource is, what it costs, and its tags. */
export function Facts({ subject: { one, now, life } }: { subject: Subject }) {
  const facts: [string, ReactNode][] = [
    ['ID', <span className="mono">{one.resource_id}</span>], ['ARN', <span className="mono">{one.arn || 'none'}</span>], ['Account', one.account_id], ['Region', one.region],
    ['Created', one.creation_date ? moment(one.creation_date) : 'not known'],
  ]
  if (now) {
    facts.push(['In its state since', moment(now.state_since)], ['First seen', moment(now.first_seen)])
    facts.push(['Last seen', `${moment(now.seen_at)}, ${since(now.seen_at)}${now.stale ? ': the last look failed, or is too long ago' : ''}`])
  } else if (life) {
    facts.push(['First seen', moment(life.first_seen)], ['Seen to be gone', life.gone_at ? moment(life.gone_at) : 'not yet'])
  }
  const details = Object.entries(one.metadata).filter(([, value]) => value !== null && value !== '' && !(Array.isArray(value) && value.length === 0))
  return (
    <Stack gap="md">
      <Pairs pairs={facts} />
      <Cost cost={one.cost} wasLast={!now} />
      <div>
        <Title order={3} size="h5">Tags</Title>
        {Object.keys(one.tags).length === 0 ? <Text size="sm">It has none.</Text> : <Pairs pairs={Object.entries(one.tags)} />}
      </div>
      {details.length > 0 && (
        <div>
          <Title order={3} size="h5">Details</Title>
          <Pairs pairs={details.map(([name, value]) => [words(name), typeof value === 'object' ? <span className="mono">{JSON.stringify(value)}</span> : String(value)])} />
        </div>
      )}
    </Stack>
  )
}

import { Alert, Anchor, Badge, Drawer, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useMay } from '../../api/session'
import { moment, words } from '../../ui/format'
import { Icon } from '../../ui/Icon'
import { Asked, Empty } from '../../ui/States'
import { awsConsole } from './aws-console'
import { Facts } from './Facts'
import { Findings } from './Findings'
import { History } from './History'
import { Json } from './Json'
import { Relations } from './Relations'
import { type Subject, useSubject } from './subject'
import { TouchedBy } from './TouchedBy'
import { Verbs } from './Verbs'

/** ResourceDrawer is all that is known of the resource that the address names. Each of its sections is asked for when it is opened. */
export function ResourceDrawer({ resourceKey, onClose }: { resourceKey?: string; onClose: () => void }) {
  const found = useSubject(resourceKey)
  const [section, setSection] = useState<string | null>('facts')
  return (
    <Drawer opened={resourceKey !== undefined} onClose={onClose} position="right" size="xl" title="Resource">
      {resourceKey !== undefined && (
        <Asked query={found} what="the resource" height={320}>
          {(subject) => subject === null ? <Empty title="No scan has seen it">Or nothing of it is kept any more: <span className="mono">{resourceKey}</span></Empty> : (
            <Stack gap="md">
              <Head subject={subject} />
              <Tabs value={section} onChange={setSection} keepMounted={false}>
                <Tabs.List>
                  {sections.map(([name, label]) => <Tabs.Tab key={name} value={name}>{label}</Tabs.Tab>)}
                </Tabs.List>
                {sections.map(([name, , Section]) => <Tabs.Panel key={name} value={name} pt="sm"><Section key={subject.key} subject={subject} /></Tabs.Panel>)}
              </Tabs>
            </Stack>
          )}
        </Asked>
      )}
    </Drawer>
  )
}

const sections: [name: string, label: string, Section: (props: { subject: Subject }) => React.ReactNode][] = [
  ['facts', 'Facts', Facts], ['relations', 'Relations', Relations], ['history', 'History', History], ['findings', 'Findings', Findings], ['plans', 'Plans', TouchedBy], ['json', 'JSON', Json],
]

/** Head names the resource, says whether it is there, and leads to the console of AWS and to what can be done. */
function Head({ subject }: { subject: Subject }) {
  const mayPlan = useMay('plan')
  const { one, now, life } = subject
  const link = now && awsConsole(one)
  const badge = (text: string) => <Badge variant="outline" color="gray" c="var(--mantine-color-text)" tt="none">{text}</Badge>
  return (
    <Stack gap="xs">
      <Title order={2} size="h4" style={{ overflowWrap: 'anywhere' }}>{one.resource_name ?? one.resource_id}</Title>
      <Group gap="xs">
        {badge(words(one.resource_type))}
        {badge(now ? one.state : `was ${one.state}`)}
        {link && <Anchor href={link} target="_blank" rel="noreferrer" underline="always" size="sm">Open in the console of AWS</Anchor>}
        {mayPlan && <Verbs subject={subject} />}
      </Group>
      {life && (
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title={life.gone_at ? `Gone since ${moment(life.gone_at)}` : 'It is not in the inventory now'}>
          <Text size="sm">
            {life.gone_at ? 'That is when a scan first saw that it was not there. What is shown is as a scan saw it last.' : 'What is shown is as a scan saw it last.'}
            {life.cell.standing !== 'good' && ` Its cell was last seen to its end ${moment(life.cell.seen_at)}: it may be back since.`}
          </Text>
        </Alert>
      )}
      {now?.stale && (
        <Alert color="orange" variant="outline" icon={<Icon name="alert" />} title="It may have changed, or be gone">
          <Text size="sm">The last look at its cell failed, or is too long ago. It is shown as it was at {moment(now.seen_at)}.</Text>
        </Alert>
      )}
    </Stack>
  )
}

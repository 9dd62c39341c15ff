import type { Schemas } from '@consolesensei/resource-tracker'
import { Button, Menu, Text } from '@mantine/core'
import { useState } from 'react'
import { useActions } from '../../api/jobs'
import { words } from '../../ui/format'
import { PlanVerb } from './PlanVerb'
import type { Subject } from './subject'

/** Verbs is what can be done with a resource of its type. Each makes a plan, which is looked at before anything changes. */
export function Verbs({ subject }: { subject: Subject }) {
  const [verb, setVerb] = useState<Schemas['ActionInfo']>()
  const all = useActions()
  // What is gone can only be made anew, and what is there cannot be.
  const verbs = all.data?.filter((one) => one.resource_type === subject.one.resource_type && (one.creates ?? false) === !subject.now) ?? []
  if (all.isError) return <Text size="sm">What can be done with it is not known: {all.error.message}</Text>
  if (verbs.length === 0) return null
  return (
    <>
      <Menu position="bottom-start" width={300} withinPortal>
        <Menu.Target><Button size="compact-sm" variant="default">Plan a change</Button></Menu.Target>
        <Menu.Dropdown>
          {verbs.map((one) => (
            <Menu.Item key={one.action} onClick={() => setVerb(one)}>
              <Text size="sm" fw={600} component="span">{words(one.action)}</Text>
              <Text size="xs">{one.summary}</Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {verb && <PlanVerb subject={subject} verb={verb} onClose={() => setVerb(undefined)} />}
    </>
  )
}

import { Card, Stack, Text, Title } from '@mantine/core'
import { useRef, useState } from 'react'
import { tracker } from '../../api/tracker'
import { Keys, takeKeys } from '../../ui/Credentials'
import { asked, everything, Scope } from '../../ui/Scope'
import { Test } from './Test'

/** ByKeys connects the account that keys are of. They go with one call, and the page forgets them. */
export function ByKeys() {
  const form = useRef<HTMLFormElement>(null)
  const [scope, setScope] = useState(everything)
  return (
    <Card withBorder>
      <form ref={form} autoComplete="off" onSubmit={(event) => event.preventDefault()}>
        <Stack>
          <Title order={2} size="h4">Keys of a user or a role</Title>
          <Text size="sm">
            They are sent with the call, sealed by the server so that a worker alone reads them, and deleted when the work has ended. The page empties the fields with each call and keeps
            nothing: the scan asks for them once more.
          </Text>
          <Keys />
          <Scope scope={scope} onChange={setScope} />
          <Test
            form={form} check={() => tracker.checkAccess({ ...asked(scope), ...takeKeys(form) })} scan={() => tracker.scan({ ...asked(scope), ...takeKeys(form) })}
          />
        </Stack>
      </form>
    </Card>
  )
}

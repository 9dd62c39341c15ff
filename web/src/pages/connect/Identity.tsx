import { TrackerError } from '@consolesensei/resource-tracker'
import { Card, Stack, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { tracker } from '../../api/tracker'
import { everything, Scope, asked } from '../../ui/Scope'
import { Test } from './Test'

/** Identity connects the account that the workers themselves are in, where the server lends their identity. */
export function Identity() {
  const [scope, setScope] = useState(everything)
  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h4">The account that the server is in</Title>
        <Text size="sm">
          The workers use the identity that they run as: an instance profile, a role of a pod, or the keys of their environment. It is lent where <code>ALLOW_SERVER_CREDENTIALS</code> is
          set, and to the tenant default alone. A demo lends that of its simulated account.
        </Text>
        <Scope scope={scope} onChange={setScope} />
        <Test
          check={() => tracker.checkAccess(asked(scope))} scan={() => tracker.scan(asked(scope))}
          refused={(error) => error instanceof TrackerError && error.status === 400 && 'This server does not lend its own identity. Use a role or keys.'}
        />
      </Stack>
    </Card>
  )
}

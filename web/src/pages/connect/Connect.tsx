import { SegmentedControl, Stack, Text } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../api/session'
import { Heading } from '../../ui/States'
import { Identity } from './Identity'
import { ByKeys } from './Keys'
import { Registered } from './Registered'
import { Role } from './Role'

const ways = [{ value: 'role', label: 'A role' }, { value: 'keys', label: 'Keys' }, { value: 'identity', label: "The server's identity" }]

/** Connect leads from an account to its first scan: by a role that is registered, by keys, or by the identity that the server has itself. */
export default function Connect() {
  const { registered, way = 'role' } = useSearch({ from: '/shell/connect' })
  const navigate = useNavigate({ from: '/connect' })
  const mayScan = useMay('scan')
  return (
    <Stack gap="lg">
      <Heading title="Connect an account" />
      <Text size="sm">The server reads what is in the account. It changes nothing unless somebody makes a plan and applies it.</Text>
      {mayScan ? (
        <>
          <SegmentedControl aria-label="How the account is entered" data={ways} value={way} onChange={(next) => void navigate({ search: { way: next } })} fullWidth maw={560} />
          {way === 'keys' ? <ByKeys key="keys" /> : way === 'identity' ? <Identity key="identity" /> : <Role key={registered} name={registered} />}
        </>
      ) : <Text size="sm">Connecting an account needs the role operator, and registering one the role admin.</Text>}
      <Registered />
    </Stack>
  )
}

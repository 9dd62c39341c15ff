import { Anchor, Card, Stack, Text, TextInput, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useMay } from '../../api/session'
import { tracker } from '../../api/tracker'
import { Copyable } from '../../ui/Copyable'
import { consoles, partitionOf } from '../../ui/partitions'
import { Asked, Failed } from '../../ui/States'
import { Test } from './Test'
import { Register } from './Register'
import { missingPrincipal } from './principal'
import { type Allowed, Uses } from './Uses'

/** Role connects an account through a role that trusts the server: registered, made by a template, tested, and scanned. */
export function Role({ name }: { name?: string }) {
  const mayManage = useMay('manage')
  if (!name) {
    return mayManage ? <Register /> : <Text size="sm">Registering an account needs the role admin. Accounts that are registered already can be tested and scanned: they are listed below.</Text>
  }
  return (
    <Card withBorder>
      <Stack>
        <Title order={2} size="h4">{name}</Title>
        {mayManage ? <Setup name={name} /> : <Text size="sm">Whoever has the role admin sees the template of the role here.</Text>}
        <Title order={3} size="h5">Test it, and scan</Title>
        <Test check={() => tracker.accounts.check(name)} scan={() => tracker.scan({ account: name })} />
      </Stack>
    </Card>
  )
}

/** Setup is the role that has to be in the account, as a template that makes it. */
function Setup({ name }: { name: string }) {
  const [principal, setPrincipal] = useState('')
  const whole = /^arn:aws[a-z-]*:iam::\d{12}:(root|(role|user)\/.+)$/.test(principal) ? principal : undefined
  const [allowed, setAllowed] = useState<Allowed>({ actions: [], metrics: false, billed: false })
  const setup = useQuery({ queryKey: ['setup', name, whole, allowed], queryFn: ({ signal }) => tracker.accounts.setup(name, { principal: whole, ...allowed }, { signal }), retry: false })
  const asks = missingPrincipal(setup.error)
  return (
    <Stack gap="sm">
      {(asks || principal !== '') && (
        <TextInput label="What the server runs as" description="The ARN of the user or role of its workers: the server does not know it, because SERVER_PRINCIPAL_ARN is not set"
          placeholder="arn:aws:iam::999999999999:role/tracker" value={principal} onChange={(event) => setPrincipal(event.currentTarget.value)} spellCheck={false} />
      )}
      {!asks && <Uses allowed={allowed} onAllow={setAllowed} />}
      {asks ? null : setup.isError ? <Failed error={setup.error} again={() => void setup.refetch()} /> : (
        <Asked query={setup} what="the template" height={320}>
          {(made) => (
            <>
              <Title order={3} size="h5">Make the role in {made.account_id}</Title>
              <Text size="sm">
                Download the template, <Stacks arn={made.role_arn} /> while signed in to the account, and confirm that it makes a role. Or do it by the command.
              </Text>
              <Copyable name="External ID" text={made.external_id} />
              <Copyable name="Template" text={made.template} file={`${name}-role.yaml`} />
              <Copyable name="Command" text={`aws cloudformation deploy --template-file ${name}-role.yaml --stack-name resource-tracker --capabilities CAPABILITY_NAMED_IAM`} />
              <details>
                <summary>The policies by themselves</summary>
                <Stack gap="sm" mt="xs">
                  <Copyable name="Trust policy" text={JSON.stringify(made.trust_policy, null, 2)} />
                  {made.policies.map((policy, index) => <Copyable key={index} name={made.policies.length > 1 ? `Policy ${index + 1}` : 'Policy'} text={JSON.stringify(policy, null, 2)} />)}
                </Stack>
              </details>
            </>
          )}
        </Asked>
      )}
    </Stack>
  )
}

/** Stacks leads to where the console of AWS makes a stack, in the part of AWS that a role is of. */
function Stacks({ arn }: { arn: string }) {
  const at = consoles[partitionOf(arn) ?? '']
  const says = 'create a stack of it in CloudFormation'
  return at ? <Anchor href={`https://${at.host}/cloudformation/home#/stacks/create`} target="_blank" rel="noreferrer" underline="always">{says}</Anchor> : says
}

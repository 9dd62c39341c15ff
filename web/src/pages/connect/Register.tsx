import { Button, Card, Group, NativeSelect, Stack, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { partitions } from '../../ui/partitions'
import { Failed } from '../../ui/States'

/** Register names an account and the role that it will have. The server makes the external ID that the role asks for. */
export function Register() {
  const navigate = useNavigate({ from: '/connect' })
  const [given, setGiven] = useState({ name: '', partition: 'aws', account: '', role: 'resource-tracker', description: '' })
  const [regions, setRegions] = useState<string[]>([])
  const isWhole = /^\d{12}$/.test(given.account) && given.name !== '' && given.role !== ''
  const add = useMutation({
    mutationFn: () => tracker.accounts.add({
      name: given.name, role_arn: `arn:${given.partition}:iam::${given.account}:role/${given.role}`, ...(given.description && { description: given.description }), ...(regions.length > 0 && { regions }),
    }),
    onSuccess: (account) => {
      void queries.invalidateQueries({ queryKey: ['accounts'] })
      void navigate({ search: { way: 'role', registered: account.name } })
    },
  })
  const field = (name: keyof typeof given) => ({ value: given[name], onChange: (event: { currentTarget: { value: string } }) => setGiven({ ...given, [name]: event.currentTarget.value.trimStart() }) })
  return (
    <Card withBorder>
      <form onSubmit={(event) => { event.preventDefault(); add.mutate() }}>
        <Stack>
          <Title order={2} size="h4">Register the account</Title>
          <Text size="sm">The role does not have to be there yet: the next step has the template that makes it. No key is needed, then or later.</Text>
          <Group grow align="flex-start" preventGrowOverflow={false}>
            <TextInput label="Name" description="What scans and plans call it: it stays" required maxLength={63} spellCheck={false} miw={220} {...field('name')} />
            <NativeSelect label="Part of AWS" description="Each has accounts of its own" miw={220} data={Object.entries(partitions).map(([value, label]) => ({ value, label }))} {...field('partition')} />
            <TextInput label="AWS account" description="Its number of 12 digits" required inputMode="numeric" maxLength={12} miw={220} error={given.account !== '' && /\D/.test(given.account) && 'Digits only'} {...field('account')} />
            <TextInput label="Role" description="The name that it will have, with its path" required spellCheck={false} miw={220} {...field('role')} />
          </Group>
          <TagsInput label="Regions" description="Scanned where a scan names none" placeholder={regions.length === 0 ? 'All that the account has enabled' : ''} value={regions} onChange={setRegions} clearable clearButtonProps={{ 'aria-label': 'Clear the regions' }} />
          <TextInput label="Description" maxLength={200} {...field('description')} />
          {add.isError && <Failed error={add.error} />}
          <Group><Button type="submit" disabled={!isWhole} loading={add.isPending}>Register</Button></Group>
        </Stack>
      </form>
    </Card>
  )
}

import type { Job } from '@consolesensei/resource-tracker'
import { Button, Modal, Radio, Select, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useAccounts } from '../../api/account'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Keys, takeKeys } from '../../ui/Credentials'
import { plural } from '../../ui/format'
import { Failed } from '../../ui/States'

/** Retry scans again the cells that failed, and no others. */
export function Retry({ id, cells, onRetried }: { id: string; cells: number; onRetried: () => void }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button onClick={open}>Retry {plural(cells, 'failed cell')}</Button>
      <Modal opened={opened} onClose={close} title="Retry the failed cells">
        {opened && <Form id={id} onRetried={() => { close(); onRetried() }} />}
      </Modal>
    </>
  )
}

const entered = (request: Job['request']): string | undefined => (request.accounts?.length === 1 ? request.accounts[0]?.account : undefined)

function Form({ id, onRetried }: { id: string; onRetried: () => void }) {
  const form = useRef<HTMLFormElement>(null)
  const accounts = useAccounts()
  const before = entered(queries.getQueryData<Job>(['job', id])?.request ?? {})
  const [by, setBy] = useState(before ? 'account' : 'identity')
  const [account, setAccount] = useState<string | null>(before ?? null)
  const retry = useMutation({
    mutationFn: () => tracker.jobs.retry(id, by === 'keys' ? takeKeys(form) : by === 'account' && account ? { account } : {}),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void queries.invalidateQueries({ queryKey: ['tray'] })
      onRetried()
    },
  })
  return (
    <form ref={form} autoComplete="off" onSubmit={(event) => { event.preventDefault(); retry.mutate() }}>
      <Stack>
        <Text size="sm">What was seen stays as it is. The credentials of the scan are deleted, so the retry needs some: of the same account.</Text>
        <Radio.Group label="Enter the account by" value={by} onChange={setBy}>
          <Stack gap="xs" mt="xs">
            <Radio value="identity" label="The server's own identity" />
            <Radio value="account" label="A registered account" disabled={accounts.data?.length === 0} />
            <Radio value="keys" label="Keys" />
          </Stack>
        </Radio.Group>
        {by === 'account' && <Select label="Account" required data={accounts.data?.map((one) => one.name) ?? []} value={account} onChange={setAccount} />}
        {by === 'keys' && <Keys />}
        {retry.isError && <Failed error={retry.error} />}
        <Button type="submit" loading={retry.isPending} disabled={by === 'account' && !account}>Retry</Button>
      </Stack>
    </form>
  )
}

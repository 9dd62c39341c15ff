import { Button, Modal, Stack, Switch, Text, Title } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { Frame } from '../../ui/Frame'
import { Table } from '../../ui/Table'

const language: [string, string][] = [
  ['type:EBS_Volume region:eu-west-1', 'both must hold; so service, account, state, id, name and arn'],
  ['state:stopped,error', 'one of several'],
  ['id:vol-*', 'begins with'],
  ['name~web', 'contains, in any case'],
  ['tag:owner=shop', 'a tag of this value'],
  ['tag:owner', 'carries the tag; tag:owner! lacks it'],
  ['tag:env!=prod', 'is not; of a tag also where it is missing'],
  ['cost>5', 'dollars a month, also >= < <=; cost:unknown where there is no price'],
  ['age>90d', 'since it was created: s, m, h, d or w'],
  ['created<2026-01-31', 'a day or a time; created:unknown'],
  ['meta.size_gb>100', 'metadata, by its path'],
  ['state:stopped or state:error', 'one or the other; binds less tightly than what stands side by side'],
  ['-(type:EBS_Volume state:in-use)', 'a minus or not negates; parentheses group'],
  ['name:"web server"', 'what has spaces, commas, parentheses or a star is quoted'],
]

const keys: [string, string][] = [
  ['/', 'go to the filter'], ['j, k', 'go to the next row, to the one before'], ['Enter', 'open the row; in the filter, ask for it'],
  ['Arrow down, up', 'in the filter, choose a completion; Escape closes them'],
]

/** Help is the filter language in short, and the keys of the page. Keys of one letter can be switched off, for who speaks to the computer. */
export function Help({ hasKeys, onKeys }: { hasKeys: boolean; onKeys: (on: boolean) => void }) {
  const [opened, { open, close }] = useDisclosure()
  return (
    <>
      <Button variant="default" size="xs" onClick={open}>Help</Button>
      <Modal opened={opened} onClose={close} title="Filters and keys" size="lg">
        <Stack gap="sm">
          <Title order={2} size="h5">The filter language</Title>
          <Pairs name="The filter language" pairs={language} />
          <Text size="sm">What is not known is no number: cost&gt;5 and cost&lt;=5 both leave out what has no price.</Text>
          <Title order={2} size="h5">Keys</Title>
          <Pairs name="Keys" pairs={keys} />
          <Switch label="Keys of one letter" checked={hasKeys} onChange={(event) => onKeys(event.currentTarget.checked)} />
        </Stack>
      </Modal>
    </>
  )
}

function Pairs({ name, pairs }: { name: string; pairs: [string, string][] }) {
  return (
    <Frame name={name} width={460}>
      <Table verticalSpacing={2} withRowBorders={false}>
        <tbody>{pairs.map(([write, says]) => <tr key={write}><td style={{ width: 230 }}><code className="mono">{write}</code></td><td>{says}</td></tr>)}</tbody>
      </Table>
    </Frame>
  )
}

import { Alert, Text } from '@mantine/core'
import { Icon } from '../../ui/Icon'

/** NeedsManage says why a verb or a list is not there, and who could change that. */
export function NeedsManage({ what }: { what: string }) {
  return (
    <Alert variant="outline" color="gray" icon={<Icon name="access" />} title={`Your roles do not allow it: ${what}`}>
      <Text size="sm">It needs the permission manage, which the role admin has. An admin of your tenant can give you a key of that role.</Text>
    </Alert>
  )
}

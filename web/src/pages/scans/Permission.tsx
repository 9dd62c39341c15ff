import { Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { tracker } from '../../api/tracker'
import { Copyable } from '../../ui/Copyable'
import { words } from '../../ui/format'
import { Asked } from '../../ui/States'

/** Permission is what IAM has to allow: the one action that was denied where it is known by its name, and all that scans of the types call. */
export function Permission({ types, action }: { types: string[]; action?: string }) {
  const policies = useQuery({ queryKey: ['policy', types], queryFn: ({ signal }) => tracker.iamPolicies({ types }, { signal }), staleTime: Infinity })
  const lacking = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: [action], Resource: '*' }] }
  return (
    <Stack gap="sm" mt="xs">
      {action && <Copyable name="What was denied" text={JSON.stringify(lacking, null, 2)} />}
      <Text size="sm">A scan that is denied its first call does not come to the others. This is all that it calls for {types.length > 3 ? `these ${types.length} types` : types.map(words).join(', ')}:</Text>
      <Asked query={policies} what="the policy" height={120}>
        {(list) => list.map((policy, index) => <Copyable key={index} name={list.length > 1 ? `Policy ${index + 1}` : 'Policy'} text={JSON.stringify(policy, null, 2)} />)}
      </Asked>
    </Stack>
  )
}

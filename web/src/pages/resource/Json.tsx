import { Code } from '@mantine/core'
import type { Subject } from './subject'

/** Json is the resource as the API answers it. */
export function Json({ subject: { one } }: { subject: Subject }) {
  return <Code block tabIndex={0} role="region" aria-label="The resource as the API answers it" style={{ maxHeight: '60vh', overflow: 'auto' }}>{JSON.stringify(one, null, 2)}</Code>
}

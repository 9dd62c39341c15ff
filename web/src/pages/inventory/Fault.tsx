import { Alert, Text } from '@mantine/core'
import { tokens } from './conditions'

/** Fault is what is wrong with a filter, and the filter with that marked. The server names the character at which the part that is wrong begins. */
export function Fault({ filter, fault }: { filter: string; fault: string }) {
  const [, character, says = fault] = /^character (\d+): (.*)$/s.exec(fault) ?? []
  // The server counts characters, and a text here counts some of them twice.
  const from = character === undefined ? undefined : [...filter].slice(0, Number(character) - 1).join('').length
  const to = from === undefined ? 0 : tokens(filter).find((part) => part.to > from)?.to ?? filter.length
  return (
    <Alert role="alert" color="red" variant="outline" title="The filter is not understood" mt="xs" py="xs">
      {from !== undefined && (
        <code className="mono filter-fault">{filter.slice(0, from)}<mark>{filter.slice(from, Math.max(to, from + 1)) || 'here'}</mark>{filter.slice(Math.max(to, from + 1))}</code>
      )}
      <Text size="sm" mt={4}>In the filter{character && `, at character ${character}`}: {says}</Text>
    </Alert>
  )
}

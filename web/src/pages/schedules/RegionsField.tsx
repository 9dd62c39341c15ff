import { TagsInput } from '@mantine/core'

/** RegionsField takes regions, each of which is ended with Enter. None is every one that is enabled. */
export function RegionsField({ value, onChange, error }: { value: string[]; onChange: (regions: string[]) => void; error?: string }) {
  return (
    <TagsInput label="Regions" placeholder={value.length === 0 ? 'Every region that the account has enabled' : ''} value={value} onChange={onChange} error={error}
      splitChars={[',', ' ']} acceptValueOnBlur clearable clearButtonProps={{ 'aria-label': 'Clear the regions' }} description="Such as eu-west-1, each ended with Enter" />
  )
}

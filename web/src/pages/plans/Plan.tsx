import { Heading } from '../../ui/States'

export default function Plan() {
  return <Heading title="Plan" />
}

import { Heading } from '../../ui/States'

export default function Overview() {
  return <Heading title="Overview" />
}

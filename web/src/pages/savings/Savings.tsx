import { Heading } from '../../ui/States'

export default function Savings() {
  return <Heading title="Savings" />
}

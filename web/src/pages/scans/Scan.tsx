import { Heading } from '../../ui/States'

export default function Scan() {
  return <Heading title="Scan" />
}

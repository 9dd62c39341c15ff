import { Heading } from '../../ui/States'

export default function Scans() {
  return <Heading title="Scans" />
}

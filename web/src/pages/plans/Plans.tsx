import { Heading } from '../../ui/States'

export default function Plans() {
  return <Heading title="Plans" />
}

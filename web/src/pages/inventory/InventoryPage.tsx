import { Heading } from '../../ui/States'

export default function InventoryPage() {
  return <Heading title="InventoryPage" />
}

import { SimpleGrid } from '@mantine/core'
import { BudgetBars } from './BudgetBars'
import { Changes } from './Changes'
import { Dearest } from './Dearest'
import { FailingSchedules } from './FailingSchedules'
import { NewestFindings } from './NewestFindings'
import { Where } from './Where'

/** Below is what of the overview stands below its charts. */
export function Below() {
  return (
    <>
      <Where />
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <BudgetBars />
        <Changes />
        <NewestFindings />
        <FailingSchedules />
      </SimpleGrid>
      <Dearest />
    </>
  )
}

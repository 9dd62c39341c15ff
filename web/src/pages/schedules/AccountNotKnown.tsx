import type { Schedule } from '@consolesensei/resource-tracker'
import { AccountUnknown } from '../../ui/AccountUnknown'

/** AccountNotKnown says of schedules of one account why some of them may be of another. */
export const AccountNotKnown = ({ schedules }: { schedules: Schedule[] }) => (
  <AccountUnknown rows={schedules}>A schedule that names no account is known by its newest run: these had none since they were made or changed.</AccountUnknown>
)

import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queries } from '../api/queries'
import { tracker } from '../api/tracker'

/** useSignOut ends the session, and forgets what was answered in it. */
export function useSignOut(): () => void {
  const navigate = useNavigate()
  const leave = useMutation({
    mutationFn: () => tracker.sessions.signOut(),
    onSuccess: () => {
      void navigate({ to: '/sign-in', search: {} })
      queries.clear()
    },
  })
  return leave.mutate
}

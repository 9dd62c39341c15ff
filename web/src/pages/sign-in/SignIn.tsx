import { Button, Container, PasswordInput, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate, useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { queries } from '../../api/queries'
import { tracker } from '../../api/tracker'
import { Failed } from '../../ui/States'

/** hasIssuer is whether people can sign in at their organisation: the server says so in the document. */
const hasIssuer = document.querySelector<HTMLMetaElement>('meta[name=sign-in]')?.content === 'issuer'

/** local is where to go after signing in: a path of this server, whatever an address says. */
const local = (to: string | undefined): string => (to !== undefined && /^\/(?![/\\])/.test(to) && !to.startsWith('/sign-in') ? to : '/')

export function SignIn() {
  const to = local(useSearch({ from: '/sign-in' }).to)
  const [key, setKey] = useState('')
  const navigate = useNavigate()
  const router = useRouter()
  const signIn = useMutation({
    mutationFn: () => tracker.sessions.signIn({ api_key: key }),
    onSuccess: async () => {
      queries.clear()
      router.history.replace(to)
      await navigate({ href: to, replace: true })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <Container component="main" size={420} py={80}>
      <form onSubmit={submit}>
        <Stack>
          <Title order={1} size="h2">Sign in</Title>
          <Text size="sm">The console of AWS Resource Tracker. The key is exchanged for a session in a cookie and is not kept by this page.</Text>
          <PasswordInput
            label="API key" name="key" autoComplete="current-password" value={key} onChange={(event) => setKey(event.currentTarget.value)} required maxLength={512} data-autofocus
            visibilityToggleButtonProps={{ 'aria-label': 'Show the key' }}
          />
          {signIn.isError && <Failed error={signIn.error} />}
          <Button type="submit" loading={signIn.isPending} disabled={key === ''}>Sign in</Button>
          {hasIssuer && <Button component="a" variant="default" href={tracker.sessions.loginURL(to)}>Sign in with your organisation</Button>}
        </Stack>
      </form>
    </Container>
  )
}

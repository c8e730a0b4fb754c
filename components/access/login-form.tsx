'use client'
import { useEffect, useState } from 'react'
import { m } from '@/components/messages'
import { safeNext } from '@/components/paths'
import { client, errorText } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { AccessFrame } from './frame'

/** Signs in, then goes where the person wanted to go. */
export function LoginForm() {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [sending, setSending] = useState(false)
  const [error, setError] = useState<string | null>(null)
  const [needsSetup, setNeedsSetup] = useState(false)
  useEffect(() => {
    client.session.status.query().then(
      (status) => {
        setNeedsSetup(status.needsSetup)
        if (status.user) location.replace(safeNext(new URLSearchParams(location.search).get('next')))
      },
      (failure) => setError(errorText(failure)),
    )
  }, [])
  const submit = async () => {
    setSending(true)
    setError(null)
    try {
      await client.session.signIn.mutate({ name, password })
      location.replace(safeNext(new URLSearchParams(location.search).get('next')))
    } catch (failure) {
      setError(errorText(failure))
      setSending(false)
    }
  }
  return (
    <AccessFrame title={m.login.title}>
      {needsSetup && <p className="mb-3 text-warn">▲ {m.login.needsSetup}</p>}
      <form
        method="post"
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!sending) void submit()
        }}
      >
        <TextField
          label={m.login.name}
          name="username"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          autoFocus
        />
        <TextField
          label={m.login.password}
          name="password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          autoComplete="current-password"
          required
        />
        {error && <ErrorNote>{error}</ErrorNote>}
        <Button type="submit" look="primary" aria-busy={sending}>
          {sending ? m.login.busy : m.login.submit}
        </Button>
      </form>
    </AccessFrame>
  )
}

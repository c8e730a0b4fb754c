'use client'
import { useEffect, useState } from 'react'
import { m } from '@/components/messages'
import { client, errorText, fieldErrors } from '@/components/trpc'
import { Button, ButtonLink } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { AccessFrame } from './frame'

/** The first administrator, by the one-time link that the server printed. */
export function SetupForm() {
  const [token, setToken] = useState<string | null>(null)
  const [done, setDone] = useState(false)
  const [name, setName] = useState('admin')
  const [password, setPassword] = useState('')
  const [repeat, setRepeat] = useState('')
  const [sending, setSending] = useState(false)
  const [errors, setErrors] = useState<Record<string, string>>({})
  useEffect(() => {
    setToken(new URLSearchParams(location.search).get('token') ?? '')
    client.session.status.query().then(
      (status) => setDone(!status.needsSetup),
      () => {},
    )
  }, [])
  const submit = async () => {
    const found: Record<string, string> = {}
    if (!name) found.name = m.setup.noName
    if (password.length < 10) found.password = m.setup.short
    if (password !== repeat) found.repeat = m.setup.differ
    setErrors(found)
    if (Object.keys(found).length) return
    setSending(true)
    try {
      await client.session.setup.mutate({ token: token ?? '', name, password })
      location.replace('/')
    } catch (failure) {
      const fields = fieldErrors(failure)
      setErrors(fields.name || fields.password ? fields : { form: errorText(failure) })
      setSending(false)
    }
  }
  if (done)
    return (
      <AccessFrame title={m.setup.title}>
        <p className="mb-3">{m.setup.done}</p>
        <ButtonLink href="/login" look="primary">
          {m.login.title}
        </ButtonLink>
      </AccessFrame>
    )
  return (
    <AccessFrame title={m.setup.title}>
      <p className="mb-3 text-muted">{m.setup.intro}</p>
      {token === '' && (
        <div className="mb-3">
          <ErrorNote>{m.setup.noToken}</ErrorNote>
        </div>
      )}
      <form
        method="post"
        noValidate
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!sending) void submit()
        }}
      >
        <TextField
          label={m.setup.name}
          name="username"
          value={name}
          onChange={(event) => setName(event.target.value)}
          error={errors.name}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
        <TextField
          label={m.setup.password}
          name="password"
          type="password"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          error={errors.password}
          hint={m.setup.passwordHint}
          autoComplete="new-password"
        />
        <TextField
          label={m.setup.repeat}
          name="repeat"
          type="password"
          value={repeat}
          onChange={(event) => setRepeat(event.target.value)}
          error={errors.repeat}
          autoComplete="new-password"
        />
        {errors.form && <ErrorNote>{errors.form}</ErrorNote>}
        <Button type="submit" look="primary" aria-busy={sending}>
          {m.setup.submit}
        </Button>
      </form>
    </AccessFrame>
  )
}

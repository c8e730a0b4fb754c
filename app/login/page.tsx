import type { Metadata } from 'next'
import { LoginForm } from '@/components/access/login-form'
import { m } from '@/components/messages'

export const metadata: Metadata = { title: m.login.title }

export default function Page() {
  return <LoginForm />
}

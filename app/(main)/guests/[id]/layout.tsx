import type { ReactNode } from 'react'
import { GuestFrame } from '@/components/guest/guest-frame'

/** Header and tabs of one guest, around whichever tab is shown. */
export default function GuestLayout({ children }: { children: ReactNode }) {
  return <GuestFrame>{children}</GuestFrame>
}

import type { Metadata } from 'next'
import { SettingsTab } from '@/components/guest/tab-settings'
import { cbsd } from '@/components/messages/cbsd'

export const metadata: Metadata = { title: cbsd.guest.settingsTab }

export default function Page() {
  return <SettingsTab />
}

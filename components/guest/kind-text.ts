import { m } from '@/components/messages'
import type { Guest } from '@/server/model/guest'

/** What kind of guest it is, with what runs it where an engine has several: "bhyve VM", "Linux jail". */
export function kindText({ type, emulator }: Pick<Guest, 'type' | 'emulator'>): string {
  const kind = m.type[type]
  if (!emulator || emulator.toLowerCase() === kind.toLowerCase()) return kind
  return emulator.toLowerCase().includes(kind.toLowerCase()) ? emulator : `${emulator} ${kind}`
}

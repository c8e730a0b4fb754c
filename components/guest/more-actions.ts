import { cbsd } from '@/components/messages/cbsd'
import type { Guest } from '@/server/model/guest'
import type { GuestOperation } from '@/server/model/operation'

export type MoreKind = 'protected' | 'hidden' | 'order' | 'export' | 'migrate'
type Action = { kind: MoreKind; label: string /** The operation that must be allowed. */; asks: GuestOperation['kind'] }

const w = cbsd.guest.actions

/** What the menu of a guest offers beyond the common things, on engines that have more. */
export function moreActions(guest: Guest): Action[] {
  return [
    { kind: 'protected', label: guest.protected ? w.unprotect : w.protect, asks: 'set' },
    { kind: 'hidden', label: guest.hidden ? w.show : w.hide, asks: 'set' },
    { kind: 'order', label: w.order, asks: 'set' },
    { kind: 'export', label: w.export, asks: 'export' },
    { kind: 'migrate', label: w.migrate, asks: 'migrate' },
  ]
}

'use client'
import { m } from '@/components/messages'
import { Warning } from '@/components/ui/card'
import type { Image } from '@/server/model/image'
import { ImageDialog } from './image-dialog'

export function RemoveImage({ image, onClose }: { image: Image; onClose: () => void }) {
  return (
    <ImageDialog
      title={m.image.removeTitle(image.title)}
      request={{ kind: 'remove', host: image.host, id: image.id }}
      verb={m.guest.actions.remove}
      danger
      lost={<Warning>{m.image.removeLost}</Warning>}
      onClose={onClose}
    />
  )
}

'use client'
import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={m.keys.title} onClose={onClose}>
      <dl className="grid grid-cols-[120px_1fr] gap-y-1.5">
        {m.keys.rows.map(([key, what]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded border border-line-strong px-1.5 font-mono text-sm">{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <div className="mt-4 flex justify-end">
        <Button onClick={onClose}>{m.common.close}</Button>
      </div>
    </Dialog>
  )
}

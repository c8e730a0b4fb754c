'use client'
import { useState } from 'react'
import { OperationDialog } from '@/components/guest/operation-dialog'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, Warning } from '@/components/ui/card'
import { Grid, RowButtons } from '@/components/ui/grid'
import type { EngineHostDetail } from '@/server/model/host-detail'
import { allows } from './allowed'
import type { Part } from './engine-detail'

const w = cbsd.host.debris
type One = EngineHostDetail['debris'][number]

/** Folders that failed creates left on the host, and the way to be rid of them. */
export function Debris({ host, info, debris }: Part & { debris: readonly One[] }) {
  const [asked, setAsked] = useState<One | null>(null)
  return (
    <Card title={w.title} aside={w.note}>
      <Grid
        label={w.title}
        rows={debris}
        keyOf={(each) => `${each.key} ${each.path}`}
        columns={[
          { head: w.name, mono: true, cell: (each) => each.key },
          { head: w.folder, mono: true, className: 'min-w-[150px] break-all', cell: (each) => each.path },
          {
            head: '',
            cell: (each) => (
              <RowButtons>
                <Button aria-label={`${w.clear} ${each.key}`} allowed={allows(info, 'debris.remove')} onClick={() => setAsked(each)}>
                  {w.clear}
                </Button>
              </RowButtons>
            ),
          },
        ]}
      />
      {asked && (
        <OperationDialog
          title={w.clearTitle(asked.key, host.name)}
          on={{ host: host.id, engine: info.kind }}
          operation={{ kind: 'debris.remove', debris: asked.key }}
          verb={w.clear}
          danger
          lost={
            <>
              <p className="break-all font-mono text-sm">{asked.path}</p>
              <Warning>{w.clearLost}</Warning>
            </>
          }
          onClose={() => setAsked(null)}
        />
      )}
    </Card>
  )
}

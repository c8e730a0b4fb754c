'use client'
import { useState } from 'react'
import { OperationDialog } from '@/components/guest/operation-dialog'
import { cbsd } from '@/components/messages/cbsd'
import { Button } from '@/components/ui/button'
import { Card, Warning } from '@/components/ui/card'
import { TextField } from '@/components/ui/field'
import { Grid, RowButtons } from '@/components/ui/grid'
import type { Base } from '@/server/model/host-detail'
import { allows } from './allowed'
import type { Part } from './engine-detail'

const w = cbsd.host.bases
type Named = Pick<Base, 'platform' | 'version' | 'arch'>
const nameOf = ({ platform, version, arch }: Named) => `${platform} ${version} ${arch}`

/** What jails are made of: fetched beforehand, so that the first jail need not wait, or removed. */
export function Bases({ host, info, bases }: Part & { bases: readonly Base[] }) {
  const [asked, setAsked] = useState<'other' | { kind: 'base.fetch' | 'base.remove'; base: Base } | null>(null)
  const close = () => setAsked(null)
  const on = { host: host.id, engine: info.kind }
  return (
    <Card
      title={w.title}
      aside={
        <Button allowed={allows(info, 'base.fetch')} onClick={() => setAsked('other')}>
          {w.fetchOther}
        </Button>
      }
    >
      {bases.length === 0 ? (
        <p className="text-muted">{w.none}</p>
      ) : (
        <Grid
          label={w.title}
          rows={bases}
          keyOf={(base) => base.key}
          columns={[
            { head: w.platform, cell: (base) => base.platform },
            { head: w.version, mono: true, cell: (base) => base.version },
            { head: w.arch, mono: true, cell: (base) => base.arch },
            {
              head: w.state,
              cell: (base) =>
                base.present ? <span className="text-ok">● {w.present}</span> : <span className="text-muted">○ {w.missing}</span>,
            },
            {
              head: '',
              cell: (base) => (
                <RowButtons>
                  {base.present ? (
                    <Button
                      look="quiet"
                      aria-label={`${w.remove} ${nameOf(base)}`}
                      allowed={allows(info, 'base.remove')}
                      onClick={() => setAsked({ kind: 'base.remove', base })}
                    >
                      {w.remove}
                    </Button>
                  ) : (
                    <Button
                      aria-label={`${w.fetch} ${nameOf(base)}`}
                      allowed={allows(info, 'base.fetch')}
                      onClick={() => setAsked({ kind: 'base.fetch', base })}
                    >
                      {w.fetch}
                    </Button>
                  )}
                </RowButtons>
              ),
            },
          ]}
        />
      )}
      {asked === 'other' && <FetchOther host={host} info={info} usual={bases[0]} onClose={close} />}
      {asked && asked !== 'other' && (
        <OperationDialog
          title={asked.kind === 'base.fetch' ? w.fetchTitle(nameOf(asked.base), host.name) : w.removeTitle(nameOf(asked.base), host.name)}
          on={on}
          operation={{ kind: asked.kind, platform: asked.base.platform, version: asked.base.version, arch: asked.base.arch }}
          verb={asked.kind === 'base.fetch' ? w.fetch : w.remove}
          danger={asked.kind === 'base.remove'}
          lost={asked.kind === 'base.fetch' ? <p className="text-muted">{w.fetchText}</p> : <Warning>{w.removeLost}</Warning>}
          onClose={close}
        />
      )}
    </Card>
  )
}

const fields = ['platform', 'version', 'arch']

function FetchOther({ host, info, usual, onClose }: Part & { usual: Base | undefined; onClose: () => void }) {
  const [base, setBase] = useState<Named>({ platform: usual?.platform ?? 'FreeBSD', version: '', arch: usual?.arch ?? 'amd64' })
  const field = (key: keyof Named, label: string, errors: Record<string, string>, hint?: string) => (
    <TextField
      label={label}
      hint={hint}
      value={base[key]}
      error={errors[key]}
      onChange={(event) => setBase({ ...base, [key]: event.target.value.trim() })}
      mono
      autoComplete="off"
      spellCheck={false}
      autoFocus={key === 'version'}
    />
  )
  return (
    <OperationDialog
      title={w.fetchTitle(base.version ? nameOf(base) : w.title.toLowerCase(), host.name)}
      on={{ host: host.id, engine: info.kind }}
      operation={base.version && base.platform && base.arch ? { kind: 'base.fetch', ...base } : null}
      verb={w.fetch}
      fields={fields}
      lost={<p className="text-muted">{w.fetchText}</p>}
      onClose={onClose}
    >
      {(errors) => (
        <div className="grid grid-cols-3 gap-3">
          {field('platform', w.platform, errors)}
          {field('version', w.version, errors, w.versionHint)}
          {field('arch', w.arch, errors)}
        </div>
      )}
    </OperationDialog>
  )
}

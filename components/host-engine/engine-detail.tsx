'use client'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { errorText } from '@/components/trpc'
import { Card, ErrorNote, Facts, Warning } from '@/components/ui/card'
import type { EngineInfo } from '@/server/model/capability'
import type { HostView } from '@/server/model/host'
import type { EngineHostDetail } from '@/server/model/host-detail'
import { Archives } from './archives'
import { Bases } from './bases'
import { Debris } from './debris'
import { Hook } from './hook'
import { Media } from './media'
import { Nodes } from './nodes'
import { Profiles } from './profiles'
import { Tasks } from './tasks'
import { useHostDetail } from './use-host-detail'

const w = cbsd.host

/** A part of an engine's page: on which host, and what may be asked of it. */
export type Part = { host: HostView; info: EngineInfo }

/** What an engine tells of its host beyond guests. Shows nothing for engines that tell nothing. */
export function EngineDetail({ host, info }: Part) {
  const query = useHostDetail(host.id, info.kind, host.state === 'up')
  if (query.error)
    return (
      <div className="mt-3">
        <ErrorNote>{errorText(query.error)}</ErrorNote>
      </div>
    )
  if (query.data === undefined && query.isLoading) return <p className="mt-3 text-muted">{m.connection.loading}</p>
  if (!query.data) return null
  return (
    <section aria-label={w.engine(info.name)} className="mt-4">
      <Parts host={host} info={info} detail={query.data} />
    </section>
  )
}

function Parts({ host, info, detail }: Part & { detail: EngineHostDetail }) {
  // What the engine's card says already is not said again.
  const known = new Set([info.name, ...info.details.map(([label]) => label)])
  return (
    <div className="grid items-start gap-3.5 xl:grid-cols-2">
      <div className="flex min-w-0 flex-col gap-3.5">
        <Card title={w.facts}>
          <Facts rows={detail.facts.filter(([label]) => !known.has(label))} />
          <div className="mt-3 border-line border-t pt-3">
            {detail.accounting === true ? (
              <p>
                <span aria-hidden className="text-ok">
                  ✓{' '}
                </span>
                {w.accounting.on}
              </p>
            ) : (
              <>
                <Warning>{w.accounting.off}</Warning>
                <p className="mt-1 whitespace-pre-wrap break-words">{detail.accounting}</p>
              </>
            )}
          </div>
          <Hook host={host} info={info} state={detail.hook} />
        </Card>
        <Bases host={host} info={info} bases={detail.bases} />
        <Archives host={host} info={info} archives={detail.archives} />
      </div>
      <div className="flex min-w-0 flex-col gap-3.5">
        <Tasks tasks={detail.tasks} />
        <Media host={host} info={info} media={detail.media} />
        {detail.debris.length > 0 && <Debris host={host} info={info} debris={detail.debris} />}
        <Profiles host={host.id} profiles={detail.profiles} />
        <Nodes nodes={detail.nodes} />
      </div>
    </div>
  )
}

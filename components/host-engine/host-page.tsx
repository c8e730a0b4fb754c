'use client'
import { useParams } from 'next/navigation'
import { useEffect, useState } from 'react'
import { LazyGuestCharts } from '@/components/charts/lazy-charts'
import { hostShellMessages } from '@/components/console/host-shell-messages'
import { formatTime } from '@/components/format'
import { Accelerator } from '@/components/hosts/accelerator'
import { EngineCard } from '@/components/hosts/engine-card'
import { useHost, usePhase } from '@/components/live/live'
import { m } from '@/components/messages'
import { cbsd } from '@/components/messages/cbsd'
import { createPath, hostPath } from '@/components/paths'
import { recordingMessages } from '@/components/recordings/messages'
import { RuleForm } from '@/components/recordings/rule-form'
import { client, errorText } from '@/components/trpc'
import { Button, ButtonLink } from '@/components/ui/button'
import { Card, Empty, ErrorNote, PageHead } from '@/components/ui/card'
import { toast } from '@/components/ui/toasts'
import { decoded } from '@/server/model/decoded'
import type { HostView } from '@/server/model/host'
import { EngineDetail } from './engine-detail'
import { HostFacts } from './host-facts'
import { HostJobs } from './host-jobs'
import { lookAgain } from './use-host-detail'

const w = cbsd.host

/** One host: how it is, how busy, its engines and what they tell of it. */
export function HostPage() {
  const { id: raw = '' } = useParams<{ id: string }>()
  const id = decoded(raw)
  const host = useHost(id)
  const phase = usePhase()
  const name = host?.name ?? id
  useEffect(() => {
    document.title = `${name} · ${m.app}`
  })
  if (host) return <Shown key={host.id} host={host} />
  if (phase !== 'ready') return <p className="text-muted">{m.connection.loading}</p>
  return (
    <Empty title={w.absent(id)} text={w.absentText}>
      <ButtonLink href="/hosts">{w.toHosts}</ButtonLink>
    </Empty>
  )
}

const tones = { up: ['●', 'text-ok'], down: ['✕', 'text-bad'], connecting: ['◌', 'text-busy'] } as const

/** What works comes first. */
const rank = { ready: 0, broken: 1, absent: 2 } as const

function Shown({ host }: { host: HostView }) {
  const [looking, setLooking] = useState(false)
  const look = async () => {
    setLooking(true)
    await client.host.refresh.mutate({ id: host.id }).catch((error: unknown) => toast(errorText(error), { bad: true }))
    for (const { kind } of host.engines) lookAgain(host.id, kind)
    setLooking(false)
  }
  const [mark, tone] = tones[host.state]
  return (
    <>
      <PageHead
        title={
          <>
            <span aria-hidden className={`${tone} mr-2`}>
              {mark}
            </span>
            {host.name}
          </>
        }
        note={
          <>
            <span className={tone}>{m.host.state[host.state]}</span>
            {[host.os, host.kernel, host.arch]
              .filter(Boolean)
              .map((each) => ` · ${each}`)
              .join('')}
            {host.state === 'down' && host.seenAt ? ` · ${w.seen} ${formatTime(host.seenAt)}` : ''}
          </>
        }
      >
        <Button onClick={look} allowed={looking ? m.host.refreshing : true}>
          {looking ? m.host.refreshing : m.host.refresh}
        </Button>
        <ButtonLink href={`${hostPath(host.id)}/shell`}>{hostShellMessages.open}</ButtonLink>
        <ButtonLink href={createPath(host.id)}>{m.nav.create}</ButtonLink>
      </PageHead>
      {host.cause && (
        <div className="mb-3.5">
          <ErrorNote>{host.cause}</ErrorNote>
        </div>
      )}
      <div className="mb-3.5 grid items-start gap-3.5 xl:grid-cols-[minmax(0,1fr)_300px]">
        <div className="flex flex-col gap-3.5 xl:order-2">
          <HostFacts host={host} />
          {host.libvirtUri.startsWith('qemu') && (
            <div className="rounded-lg border border-line p-3.5">
              <Accelerator host={host} />
            </div>
          )}
        </div>
        <LazyGuestCharts
          guest={{
            id: host.id,
            cpus: host.cpus ?? 1,
            memoryBytes: host.memoryBytes ?? 0,
            state: host.state === 'down' ? 'stopped' : 'running',
          }}
          height={150}
        />
      </div>
      <ul aria-label={m.host.engines} className="flex flex-col gap-3.5">
        {[...host.engines]
          .sort((a, b) => rank[a.state] - rank[b.state])
          .map((engine) => (
            <li key={engine.kind} className="rounded-lg border border-line p-3.5">
              <EngineCard engine={engine} />
              {engine.state === 'ready' && <EngineDetail host={host} info={engine.info} />}
            </li>
          ))}
      </ul>
      <div className="mt-3.5">
        <RuleForm guest={`host~${host.id}`} title={recordingMessages.rule.ofHost} />
      </div>
      <Card title={w.jobs} className="mt-3.5">
        <HostJobs host={host.id} />
      </Card>
    </>
  )
}

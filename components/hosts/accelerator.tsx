'use client'
import { useState } from 'react'
import { formatTime } from '@/components/format'
import { live, useJobs } from '@/components/live/live'
import { isActive } from '@/components/live/store'
import { m } from '@/components/messages'
import { client, errorText } from '@/components/trpc'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toasts'
import type { HostView } from '@/server/model/host'
import { testKind } from '@/server/model/job'

const w = m.host

/** What was seen when a kernel was booted under KVM here, and the button that looks again. */
export function Accelerator({ host }: { host: HostView }) {
  const [sent, setSent] = useState(false)
  const testing = useJobs().some((job) => job.kind === testKind && job.host === host.id && isActive(job))
  const seen = host.accelerator
  const test = async () => {
    setSent(true)
    try {
      const job = await client.host.testAccelerator.mutate({ id: host.id })
      live.putJob(job)
      toast(m.toast.started(job.title), { job: job.id })
    } catch (error) {
      toast(errorText(error), { bad: true })
    }
    setSent(false)
  }
  return (
    <section aria-label={w.accelerator} className="flex flex-col gap-1.5">
      <h3 className="font-semibold">{w.accelerator}</h3>
      {seen ? (
        <>
          <p className={seen.kvm === 'boots' ? 'text-ok' : 'text-warn'}>
            <span aria-hidden>{seen.kvm === 'boots' ? '✓ ' : '▲ '}</span>
            {w.kvm[seen.kvm]}: {seen.why}
          </p>
          <p className="text-muted text-sm">{w.seen(seen.kernel, seen.qemu, formatTime(seen.testedAt))}</p>
        </>
      ) : (
        <p className="text-muted">{w.untested}</p>
      )}
      <div>
        <Button onClick={test} allowed={host.state === 'down' ? w.noAnswer : testing || sent ? w.testing : true}>
          {testing || sent ? w.testing : w.test}
        </Button>
      </div>
    </section>
  )
}

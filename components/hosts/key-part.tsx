import { m } from '@/components/messages'
import { Button } from '@/components/ui/button'
import { ErrorNote, Facts } from '@/components/ui/card'
import { Copy } from '@/components/ui/copy'
import type { HostKey } from '@/server/model/host'
import type { HostFormState } from './use-host-form'

const w = m.host

/** The host's key: asked for, compared by a person once, and from then on the only one that is accepted. */
export function KeyPart({ state, pinned }: { state: HostFormState; pinned?: { hostKey: string; fingerprint?: string } }) {
  const { form, shown, doing, confirm } = state
  if (!shown && !form.hostKey) return null
  return (
    <section aria-label={w.hostKey} className="rounded-md border border-line p-3">
      {!shown ? (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 flex-1 break-all">
            <span className="text-muted text-sm">{w.hostKey} </span>
            <code className="font-mono text-sm">{pinned?.fingerprint}</code>
          </span>
          <Button onClick={() => void state.connect()} allowed={doing ? w.connecting : true}>
            {doing === 'connect' ? w.connecting : w.check}
          </Button>
        </div>
      ) : shown.hostKey === form.hostKey ? (
        <>
          <Fingerprint shown={shown} />
          <p role="status" className="mt-1 text-ok">
            <span aria-hidden>✓ </span>
            {pinned?.hostKey === shown.hostKey ? w.keySame : w.confirmed}
          </p>
        </>
      ) : pinned && form.hostKey ? (
        <Changed shown={shown} was={pinned.fingerprint} onConfirm={() => void confirm(shown)} />
      ) : (
        <>
          <Fingerprint shown={shown} />
          <p className="mt-2 mb-1 text-muted text-sm">{w.compare}</p>
          <How type={shown.type} />
          <Button look="primary" className="mt-2" onClick={() => void confirm(shown)}>
            {w.confirm}
          </Button>
        </>
      )}
    </section>
  )
}

const Fingerprint = ({ shown }: { shown: HostKey }) => (
  <p className="break-all">
    <span className="text-muted text-sm">
      {w.hostKey} ({shown.type}){' '}
    </span>
    <code className="font-mono text-sm">{shown.fingerprint}</code>
  </p>
)

const How = ({ type }: { type: string }) => (
  <div className="flex items-start gap-2 rounded-md bg-side px-2.5 py-1.5">
    <code className="min-w-0 flex-1 break-all font-mono text-sm">{w.compareHow(type)}</code>
    <Copy text={w.compareHow(type)} />
  </div>
)

/** Another key than the one that was confirmed: nothing goes on by itself. */
function Changed({ shown, was, onConfirm }: { shown: HostKey; was?: string; onConfirm: () => void }) {
  const mono = (text: string) => <code className="break-all font-mono text-sm">{text}</code>
  return (
    <>
      <ErrorNote title={w.keyChanged}>{w.keyChangedText}</ErrorNote>
      <div className="my-2">
        <Facts
          rows={[
            [w.keyWas, mono(was ?? m.common.none)],
            [w.keyNow, mono(`${shown.fingerprint} (${shown.type})`)],
          ]}
        />
      </div>
      <How type={shown.type} />
      <Button look="danger" className="mt-2" onClick={onConfirm}>
        {w.replace}
      </Button>
    </>
  )
}

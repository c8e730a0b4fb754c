import { m } from '@/components/messages'
import { Facts, Warning } from '@/components/ui/card'
import { Copy } from '@/components/ui/copy'
import type { EngineInfo, EngineStatus } from '@/server/model/capability'
import { guestTypes } from '@/server/model/guest'

const w = m.host
const tones = { ready: ['●', 'text-ok'], broken: ['✕', 'text-bad'], absent: ['○', 'text-muted'] } as const

/** One engine: its version and what it offers, or why it does not answer and what mends it. */
export function EngineCard({ engine }: { engine: EngineStatus }) {
  const [mark, tone] = tones[engine.state]
  return (
    <>
      <h3 className="mb-1.5 flex flex-wrap items-baseline gap-x-2">
        <span aria-hidden className={tone}>
          {mark}
        </span>
        <span className="font-semibold">{engine.state === 'ready' ? engine.info.name : w.kinds[engine.kind]}</span>
        {engine.state === 'ready' && <span className="text-muted">{engine.info.version}</span>}
        <span className={`text-sm ${tone}`}>{w.engineState[engine.state]}</span>
      </h3>
      {engine.state === 'ready' ? (
        <Ready info={engine.info} />
      ) : (
        <>
          <p className="whitespace-pre-wrap break-words">{engine.cause}</p>
          {engine.remedy && <Remedy command={engine.remedy} />}
        </>
      )}
    </>
  )
}

/** The command that mends something, to be copied. */
const Remedy = ({ command }: { command: string }) => (
  <div className="mt-2">
    <p className="text-muted text-sm">{w.remedy}</p>
    <div className="flex items-start gap-2 rounded-md bg-side px-2.5 py-1.5">
      <code className="min-w-0 flex-1 whitespace-pre-wrap break-words font-mono text-sm">{command}</code>
      <Copy text={command} />
    </div>
  </div>
)

/** More operations than this with one reason are nothing that went wrong: they belong to other engines, and are folded. */
const few = 4

/** Operations that an engine cannot do, together with all others that have the same reason. */
function byReason(operations: EngineInfo['operations']): { reason: string; names: string[] }[] {
  const reasons = new Map<string, string[]>()
  for (const [operation, answer] of Object.entries(operations))
    if (typeof answer === 'string') reasons.set(answer, [...(reasons.get(answer) ?? []), operation])
  return [...reasons].map(([reason, names]) => ({ reason, names }))
}

function Ready({ info }: { info: EngineInfo }) {
  const offered = guestTypes.filter((type) => info.guestTypes[type] === true)
  const groups = byReason(info.operations)
  const refused = [
    ...guestTypes.flatMap((type) => {
      const answer = info.guestTypes[type]
      return typeof answer === 'string' ? [[w.types[type], answer] as const] : []
    }),
    ...groups.filter(({ names }) => names.length <= few).map(({ reason, names }) => [names.join(', '), reason] as const),
  ]
  return (
    <div className="flex flex-col gap-2">
      {[info.missing, info.noNetwork].map(
        (lack) =>
          lack && (
            <div key={lack.remedy}>
              <Warning>{lack.words}</Warning>
              <Remedy command={lack.remedy} />
            </div>
          ),
      )}
      <Facts rows={[[w.offers, offered.map((type) => w.types[type]).join(', ') || m.common.none], ...info.details]} />
      {info.arches.length > 0 && (
        <details>
          <summary className="text-muted">
            {w.arches}: {info.arches.map((each) => each.arch).join(', ')}
          </summary>
          <ul className="mt-1 pl-4">
            {info.arches.map((each) => (
              <li key={each.arch}>
                <span className="font-mono text-sm">{each.arch}</span> · {m.accel[each.accel]}{' '}
                <span className="text-muted">– {each.why}</span>
              </li>
            ))}
          </ul>
        </details>
      )}
      {refused.length > 0 && (
        <div>
          <p className="text-muted">{w.cannot}</p>
          <ul className="pl-4">
            {refused.map(([what, why]) => (
              <li key={what}>
                {what} <span className="text-muted">– {why}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {groups
        .filter(({ names }) => names.length > few)
        .map(({ reason, names }) => (
          <details key={reason}>
            <summary className="text-muted">{w.elsewhere(names.length)}</summary>
            <p className="mt-1 pl-4">
              {reason}: <span className="font-mono text-sm">{names.join(', ')}</span>
            </p>
          </details>
        ))}
    </div>
  )
}

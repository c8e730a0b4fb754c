'use client'
import { useEffect, useRef } from 'react'
import '@/components/console/console.css'
import { Button } from '@/components/ui/button'
import { ErrorNote } from '@/components/ui/card'
import { recordingMessages as m } from './messages'
import { type PlayState, speeds } from './playback'
import { formatClock } from './recording-text'
import { type Player as Playing, usePlayer } from './use-player'

const steps: readonly number[] = speeds
/** Seconds that an arrow key goes. */
const hop = 5

/** A recorded console that plays: screen, slider, keys. */
export default function Player({ id, name, seconds }: { id: string; name: string; seconds: number }) {
  const screen = useRef<HTMLDivElement>(null)
  const label = m.player.screen(name)
  const { player, state, loading } = usePlayer(screen, id, label)
  const end = Math.max(seconds, player?.file.seconds ?? 0)

  const onKeyDown = (event: KeyboardEvent) => {
    if (!player || !state || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    const to = event.target instanceof HTMLElement ? event.target : null
    if (to?.closest('select, input:not([type=range]), textarea:not(.xterm-helper-textarea)')) return
    // A button and a link have the space bar for themselves.
    if (event.key === ' ' && to?.closest('button, a')) return
    const { playback } = player
    const at = steps.indexOf(state.speed)
    const act = {
      ' ': () => playback.toggle(),
      ArrowLeft: () => void playback.seek(state.position - hop),
      ArrowRight: () => void playback.seek(state.position + hop),
      Home: () => void playback.seek(0),
      End: () => void playback.seek(end),
      '+': () => playback.speed(speeds[Math.min(speeds.length - 1, at + 1)] ?? 1),
      '-': () => playback.speed(speeds[Math.max(0, at - 1)] ?? 1),
    }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }
  const keys = useRef(onKeyDown)
  keys.current = onKeyDown
  useEffect(() => {
    const listen = (event: KeyboardEvent) => keys.current(event)
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
  return (
    <section aria-label={m.player.label} className="console recording-player">
      {loading.failed && <ErrorNote title={m.player.failed}>{loading.failed}</ErrorNote>}
      <div className="console-glass">
        <div ref={screen} className="console-screen" />
      </div>
      {player && state && <Controls player={player} state={state} end={end} share={loading.share} />}
    </section>
  )
}

function Controls({
  player: { playback, file },
  state,
  end,
  share,
}: {
  player: Playing
  state: PlayState
  end: number
  share: number | null
}) {
  const { playing, position, seeking, ended, speed, skipIdle } = state
  return (
    <div className="grid gap-2">
      <div className="relative">
        <input
          type="range"
          className="w-full accent-accent"
          aria-label={m.player.position}
          aria-valuetext={`${formatClock(position)} / ${formatClock(end)}`}
          min={0}
          max={Math.max(end, 0.001)}
          step="any"
          value={Math.min(position, end)}
          onChange={(event) => void playback.seek(Number(event.target.value))}
        />
        {file.marks.map(({ at, label }, index) => (
          <span
            key={index}
            title={label}
            aria-hidden
            className="pointer-events-none absolute bottom-0 h-1.5 w-0.5 bg-warn"
            style={{ left: `${(at / Math.max(end, 0.001)) * 100}%` }}
          />
        ))}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Button look="primary" className="min-w-[84px]" onClick={() => playback.toggle()}>
          {playing ? m.player.pause : ended ? m.player.again : m.player.play}
        </Button>
        <span className="text-muted" role="timer">
          {formatClock(position)} / {formatClock(end)}
        </span>
        <select
          className="field w-auto"
          style={{ width: 'auto' }}
          aria-label={m.player.speed}
          value={speed}
          onChange={(event) => playback.speed(Number(event.target.value))}
        >
          {speeds.map((each) => (
            <option key={each} value={each}>
              {m.player.times(each)}
            </option>
          ))}
        </select>
        <label className="flex items-center gap-2">
          <input
            type="checkbox"
            className="size-3.5 accent-accent"
            checked={skipIdle}
            onChange={(event) => playback.skipIdle(event.target.checked)}
          />
          {m.player.skip}
        </label>
        {file.marks.length > 0 && (
          <select
            className="field"
            style={{ width: 'auto', maxWidth: 220 }}
            aria-label={m.player.marks}
            value=""
            onChange={(event) => void playback.seek(file.marks[Number(event.target.value)]?.at ?? 0)}
          >
            <option value="">{`${m.player.marks} (${file.marks.length})`}</option>
            {file.marks.map(({ at, label }, index) => (
              <option key={index} value={index}>
                {`${formatClock(at)} ${label}`}
              </option>
            ))}
          </select>
        )}
        <span className="text-muted text-sm" role="status">
          {seeking ? m.player.seeking : share !== null ? m.player.loading(`${Math.round(share * 100)} %`) : ''}
        </span>
      </div>
      <p className="text-muted text-sm max-md:hidden">{m.player.keys}</p>
    </div>
  )
}

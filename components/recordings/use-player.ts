import { type RefObject, useEffect, useState, useSyncExternalStore } from 'react'
import { CastFile } from './cast-file'
import { recordingMessages as m } from './messages'
import { createPlayScreen } from './play-screen'
import { Playback, type PlayState } from './playback'
import { filePath } from './recording-text'

export type Player = { file: CastFile; playback: Playback }
export type Loading = { share: number | null; failed: string | null }

const frames = {
  now: () => performance.now(),
  next: (run: (now: number) => void) => requestAnimationFrame(run),
  cancel: (id: number) => cancelAnimationFrame(id),
}

/** Reads the recording piece by piece; the page stays alive between two. */
async function load(id: string, file: CastFile, signal: AbortSignal, onShare: (share: number) => void): Promise<void> {
  const reply = await fetch(`${filePath(id, 'cast')}?play`, { signal })
  if (!reply.ok || !reply.body) throw new Error((await reply.text()).trim() || reply.statusText)
  const whole = Number(reply.headers.get('X-Recording-Bytes')) || 0
  const reader = reply.body.getReader()
  let told = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return
    file.append(value)
    if (whole > 0 && file.length - told > whole / 20) {
      told = file.length
      onShare(Math.min(1, told / whole))
    }
  }
}

/** Plays recording `id` in `element`, beginning at the second and with the text that the address names. */
export function usePlayer(
  element: RefObject<HTMLElement | null>,
  id: string,
  label: string,
): { player: Player | null; state: PlayState | null; loading: Loading } {
  const [player, setPlayer] = useState<Player | null>(null)
  const [loading, setLoading] = useState<Loading>({ share: 0, failed: null })
  useEffect(() => {
    if (!element.current) return
    const stop = new AbortController()
    const screen = createPlayScreen(element.current, label)
    const file = new CastFile()
    const playback = new Playback(file, screen, frames)
    setPlayer({ file, playback })
    setLoading({ share: 0, failed: null })
    const asked = new URLSearchParams(location.search)
    const at = Number(asked.get('t'))
    const find = asked.get('find') ?? ''
    load(id, file, stop.signal, (share) => setLoading({ share, failed: null }))
      .then(() => setLoading({ share: null, failed: null }))
      .catch((error: unknown) => {
        if (!stop.signal.aborted) setLoading({ share: null, failed: error instanceof Error ? error.message : m.player.failed })
      })
      .finally(() => file.end())
    void playback.seek(at > 0 ? at : 0).then(() => {
      if (stop.signal.aborted) return
      if (find) screen.find(find)
      else if (!(at > 0)) playback.play()
    })
    const watch = new ResizeObserver(() => screen.fit())
    watch.observe(element.current)
    return () => {
      stop.abort()
      watch.disconnect()
      playback.close()
      screen.dispose()
      setPlayer(null)
    }
  }, [element, id, label])
  const playback = player?.playback
  const state = useSyncExternalStore(playback?.subscribe ?? never, playback?.snapshot ?? nothing, nothing)
  return { player, state, loading }
}
const never = () => () => {}
const nothing = () => null

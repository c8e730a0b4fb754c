import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { masks, notCompared, type Scene, scenes } from './fixture-scenes'
import { newStandin, type Standin, transcript } from './fixture-standin'

const root = process.getuid?.() === 0
/** Where the real program was recorded. Paths of a stand-in are as long. */
const recorded = '/usr/jails'

async function play(host: Standin, scene: Scene): Promise<void> {
  const toHere = (text: string) => text.replaceAll('WORKDIR', host.workdir).replaceAll(recorded, host.workdir)
  for (const act of scene.acts) {
    if ('sql' in act) await host.sql(act.sql[0], toHere(act.sql[1]))
    else if ('run' in act) await host.cbsd(act.run.split(' ').map(toHere))
    else {
      const then = transcript(act.same)
      const now = await host.cbsd((act.argv ?? then.argv).map(toHere), then.env)
      const level = (text: string) =>
        (act.masks ?? []).reduce(
          (rest, mask) => {
            const [pattern, put] = masks[mask]
            return rest.replace(pattern, put)
          },
          text.replaceAll(host.workdir, recorded),
        )
      expect({ command: act.same, stdout: level(now.stdout) }).toEqual({ command: act.same, stdout: level(then.stdout) })
      if (then.code !== null) expect({ command: act.same, code: now.code }).toEqual({ command: act.same, code: then.code })
    }
  }
}

describe('the stand-in prints what the real CBSD printed', () => {
  for (const scene of scenes) {
    const count = scene.acts.filter((act) => 'same' in act).length
    it.skipIf(scene.root && !root)(
      `${scene.title}: ${count} commands${scene.root ? ' (needs root)' : ''}`,
      async () => {
        const host = await newStandin(...scene.options)
        try {
          await play(host, scene)
        } finally {
          await host.remove()
        }
      },
      120_000,
    )
  }

  it('and every recording is compared, or it is said why not', () => {
    const folder = fileURLToPath(new URL('../../../e2e/hosts/transcripts', import.meta.url))
    const names = readdirSync(folder).flatMap((file) => (file.endsWith('.txt') ? [file.slice(0, -4)] : []))
    const played = scenes.flatMap(({ acts }) => acts.flatMap((act) => ('same' in act ? [act.same] : [])))
    expect(names.filter((name) => !played.includes(name) && !notCompared[name])).toEqual([])
    expect(Object.keys(notCompared).filter((name) => !names.includes(name) || played.includes(name))).toEqual([])
  })
})

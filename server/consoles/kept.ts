import { createHash } from 'node:crypto'
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Keeper } from './keeper'
import { type KeptOf, type Past, readOf, readPast } from './kept-folder'

export type KeptSessions = {
  /** What the session of this guest said in an earlier run, and null when there is none or it was another guest of that name. */
  past(of: KeptOf): Past | null
  keeper(of: KeptOf, id: string, end: number): Keeper
  /** The guest is gone: whoever has its name later is not shown its text. */
  forget(of: KeptOf): void
  move(keeper: Keeper, to: KeptOf): void
  /** The engine's lasting name of the guest whose text is kept there, where there is text and it has one. */
  identity(of: KeptOf): string | undefined
  /** Whose texts are kept under that lasting name. */
  named(identity: string): KeptOf[]
  /** Text of a console that is not open goes with its guest to another name. */
  rename(from: KeptOf, to: KeptOf): void
}

/** Bytes that a folder takes, and when it was last written to. */
function weigh(path: string): { path: string; bytes: number; at: number } {
  const files = readdirSync(path).map((name) => statSync(join(path, name)))
  return { path, bytes: files.reduce((sum, { size }) => sum + size, 0), at: Math.max(0, ...files.map(({ mtimeMs }) => mtimeMs)) }
}

/**
 * Text of console sessions on disk, so that it outlives the server. One folder per guest and kind, readable for the server's
 * user only. `keepBytes`: of one session; `totalBytes`: of all of them: beyond that the ones that said nothing for longest go.
 */
export function createKeptSessions(
  root: string,
  { keepBytes, totalBytes }: { keepBytes: number; totalBytes: number },
  onFault: (error: unknown) => void,
): KeptSessions {
  const folderOf = ({ guest, kind }: KeptOf) => join(root, createHash('sha256').update(`${kind}:${guest}`).digest('hex').slice(0, 32))
  const open = new Map<string, Keeper>()

  /** Makes room for one more session. What is being written stays, for it is bounded by the number of sessions. */
  function prune(): void {
    if (!existsSync(root)) return
    const all = readdirSync(root).map((name) => weigh(join(root, name)))
    let total = all.reduce((sum, { bytes }) => sum + bytes, 0) + keepBytes
    for (const { path, bytes } of all.sort((a, b) => a.at - b.at)) {
      if (total <= totalBytes) return
      if (open.get(path)?.ended === false) continue
      open.delete(path)
      rmSync(path, { recursive: true, force: true })
      total -= bytes
    }
  }

  const kept: KeptSessions = {
    past: (of) => readPast(folderOf(of), of, keepBytes),
    keeper(of, id, end) {
      const folder = folderOf(of)
      open.get(folder)?.abandon()
      if (end === 0) rmSync(folder, { recursive: true, force: true })
      const keeper = new Keeper(folder, { ...of, id }, end, keepBytes, onFault)
      open.set(folder, keeper)
      try {
        prune()
      } catch (error) {
        onFault(error)
      }
      return keeper
    },
    forget(of) {
      const folder = folderOf(of)
      open.get(folder)?.abandon()
      open.delete(folder)
      rmSync(folder, { recursive: true, force: true })
    },
    move(keeper, to) {
      const folder = folderOf(to)
      for (const [path, one] of open) {
        if (one === keeper) open.delete(path)
        else if (path === folder) one.abandon()
      }
      keeper.move(folder, to)
      open.set(folder, keeper)
    },
    identity: (of) => readOf(folderOf(of))?.identity,
    named: (identity) =>
      existsSync(root)
        ? readdirSync(root)
            .flatMap((name) => readOf(join(root, name)) ?? [])
            .filter((of) => of.identity === identity)
        : [],
    rename(from, to) {
      const past = kept.past(from)
      if (!past?.whole || past.end === 0) return kept.forget(from)
      const keeper = kept.keeper(from, past.id, past.end)
      kept.move(keeper, to)
      keeper.close()
    },
  }
  return kept
}

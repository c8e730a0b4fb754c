import type { Commands } from './commands'
import { ExecError } from './error'
import { mustExist, remoteFileError, shell } from './remote-files'
import { startWord } from './remote-start'
import type { Pool } from './ssh-pool'
import { startSession } from './ssh-session'
import type { Followed } from './types'

/**
 * $1 path, $2 bytes from its end. Says how many bytes it begins with and how many it left out, then writes the file as it grows. Descriptor 3 keeps
 * its place from one cat to the next, and the file after it was renamed; so nothing is lost or doubled. tail -F would do
 * neither: it goes to the newest file, and its place is lost with it. The inode tells which file is the next; names are read
 * twice, so that a rotation under way is not taken for one that is done.
 */
const script = `${mustExist}
[ ! -d "$1" ] || exit 42
[ -r "$1" ] || exit 41
p=$1 t=$2
look() { set -f; set -- $(ls -Lind -- "$1" 2>/dev/null); set +f; i=\${1:-} s=\${6:-0}; }
open() {
  look "$1"
  want=$i
  [ -n "$want" ] && [ -r "$1" ] && exec 4<"$1" || return 1
  look "$1"
  [ "$i" = "$want" ] && [ "$i" = "\${2:-$i}" ] || return 1
  exec 3<&4
  cur=$i prev=0
}
scan() {
  top=-1 found=
  for g in "$p".*; do
    n=\${g##*.}
    case $n in ''|*[!0-9]*|0?*|?????*) continue ;; esac
    [ "$n" -le "$top" ] || top=$n
  done
  while [ "$top" -ge -1 ]; do
    g=$p.$top
    [ "$top" -ge 0 ] || g=$p
    look "$g"
    [ -z "$i" ] || found="$found $i:$top"
    top=$((top - 1))
  done
}
next() {
  scan
  before=$found
  scan
  [ "$found" = "$before" ] || return 1
  first= then= here=
  for e in $found; do
    if [ "\${e%%:*}" = "$cur" ]; then here=1 then=
    elif [ -n "$here" ]; then then=\${then:-$e}
    else first=\${first:-$e}
    fi
  done
  [ -n "$here" ] || then=$first
  [ -n "$then" ] || return 1
  cat <&3 || exit
  g=$p.\${then##*:}
  [ "$g" != "$p.-1" ] || g=$p
  open "$g" "\${then%%:*}"
}
until open "$p"; do [ -e "$p" ] || exit 40; done
prev=$s skip=0
[ "$s" -le "$t" ] || skip=$((s - t))
printf '%s %s\\n' "$((s - skip))" "$skip"
[ "$skip" -eq 0 ] || dd bs=1 skip="$skip" count=0 <&3 2>/dev/null
while cat <&3; do
  look "$p"
  if [ "$i" != "$cur" ]; then
    if next; then continue; fi
  elif [ "$s" -lt "$prev" ]; then
    if open "$p"; then continue; fi
  else prev=$s
  fi
  sleep 0.2 2>/dev/null || sleep 1
done`

/** Follows a file of the host. Looks five times a second; nothing there tells of changes. */
export function followRemote(
  pool: Pool,
  path: string,
  { tailBytes, onLost }: { tailBytes: number; onLost?: (error: ExecError) => void },
  onData: (bytes: Uint8Array) => void,
): Promise<Followed> {
  const { word, nonce } = startWord(shell(script, path, String(tailBytes)), undefined)
  return new Promise((resolve, reject) => {
    let kept: Buffer[] = []
    let paused = false
    let closed = false
    let line = ''
    let expected = -1
    let start = 0
    let stderr = ''
    let given = false

    function give(bytes: Buffer): void {
      if (!closed) onData(bytes)
      session.consumed(bytes.length)
      if (given) return
      expected -= bytes.length
      if (expected <= 0) begun()
    }
    function begun(): void {
      given = true
      resolve({ ...followed, start })
    }
    function take(bytes: Buffer): void {
      if (expected < 0 && !given) {
        const end = bytes.indexOf(10)
        line += bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
        session.consumed(end < 0 ? bytes.length : end + 1)
        if (end < 0) return
        const [size, skipped] = line.split(' ')
        expected = Number(size)
        start = Number(skipped)
        if (expected === 0) begun()
        if (end + 1 < bytes.length) take(bytes.subarray(end + 1))
      } else if (paused) kept.push(bytes)
      else give(bytes)
    }
    function ended(error: ExecError): void {
      if (!given) reject(error)
      else if (!closed) onLost?.(error)
    }
    const session = startSession(
      pool,
      { word, nonce, name: `Following ${path}` },
      {
        out: take,
        err(bytes) {
          stderr = (stderr + bytes).slice(-2000)
          session.consumed(bytes.length)
        },
        ended({ code, signal }) {
          const result = {
            argv: shell('') as Parameters<Commands['runBytes']>[0],
            code,
            signal,
            stderr,
            stdout: Buffer.alloc(0),
            truncated: false,
            seconds: 0,
          }
          ended(signal ? new ExecError(`Following ${path} ended: ${signal}`, { reason: 'file' }) : remoteFileError('follow', path, result))
        },
        failed: ended,
      },
    )
    const followed: Omit<Followed, 'start'> = {
      pause: () => {
        paused = true
      },
      resume: () => {
        if (!paused) return
        paused = false
        const bytes = kept
        kept = []
        for (const piece of bytes) give(piece)
      },
      close: () => {
        if (closed) return
        closed = true
        followed.resume()
        void session.stop('aborted', 'TERM')
      },
    }
  })
}

import type { Argv } from '@/server/model/plan'
import { defaultPath } from './environment'
import { ExecError, startError } from './error'
import { longestWord, newNonce, remoteWord } from './remote-word'

/**
 * Starts a program in place of the shell: $1 nonce, $2 folders to add to the login's PATH (or `=` and the whole PATH),
 * $3 the program, then NAME=value …, then the command. Before that it says its process number, which is also that of its
 * session and group (sshd makes both), or why it cannot start: what came before is of the login's own start files.
 *
 * On a terminal it waits for an empty line before it goes on: a program may throw away what its terminal has not passed on
 * yet (tmux does, by TCOFLUSH), so what it said must have arrived. The terminal is without echo until then (`quietTerminal`).
 */
const script = `
n=$1 p=$3 r=$$
case $2 in =*) PATH=\${2#=} ;; *) PATH=\${PATH:+$PATH:}$2 ;; esac
shift 3
case $p in
*/*) if [ ! -e "$p" ]; then r=missing; elif [ -d "$p" ] || [ ! -x "$p" ]; then r=denied; fi ;;
*) command -v "$p" >/dev/null 2>&1 || r=missing ;;
esac
printf '\\n%s %s\\n' "$n" "$r"
[ -t 2 ] || printf '\\n%s\\n' "$n" >&2
case $r in missing|denied) exit 127 ;; esac
cd / || exit 126
if [ -t 0 ]; then read -r go || exit 126; stty echo 2>/dev/null; fi
exec /usr/bin/env -i PATH="$PATH" HOME="\${HOME:-/}" LC_ALL=C.UTF-8 "$@"`

/** Modes of a terminal for `script`: ECHO off. RFC 4254, 8 */
export const quietTerminal = Buffer.of(53, 0, 0, 0, 0, 0)
/** What is written to a terminal once it has said its process number. */
export const goOn = Buffer.from('\n')

/** A command made ready for the other side. Throws `ExecError` when it is too long, or its name cannot be told from a variable. */
export function startWord(argv: Argv, env: Record<string, string> | undefined, secrets?: string[]): { word: string; nonce: string } {
  const nonce = newNonce()
  const { PATH, ...others } = env ?? {}
  const variables = Object.entries(others).map(([name, value]) => `${name}=${value}`)
  const bad = [...argv, ...variables].some((text) => text.includes('\0'))
  if (bad || argv[0].includes('=') || argv[0] === '')
    throw new ExecError(`${JSON.stringify(argv[0])} cannot be the name of a command, or an argument holds a NUL`, {
      reason: 'start',
      argv,
      secrets,
    })
  const word = remoteWord(script, [nonce, PATH === undefined ? defaultPath : `=${PATH}`, argv[0], ...variables, ...argv])
  if (word.length > longestWord) throw startError(argv, Object.assign(new Error('too long'), { code: 'E2BIG' }), secrets)
  return { word, nonce }
}

/** Finds the line `NONCE …` that ends what a login says by itself, and passes on what follows. */
export class Header {
  private held: Buffer = Buffer.alloc(0)
  private found = false

  /** `onFound`: the rest of the line. */
  constructor(
    private readonly nonce: string,
    private readonly onFound: (line: string) => void,
  ) {}

  /** What follows the line; null while it has not come. */
  add(piece: Buffer): Buffer | null {
    if (this.found) return piece
    this.held = Buffer.concat([this.held, piece])
    const at = this.held.indexOf(this.nonce)
    const end = at < 0 ? -1 : this.held.indexOf('\n', at)
    if (end < 0) {
      // A login that never stops talking: its end is what matters.
      if (this.held.length > 256 * 1024) this.held = Buffer.from(this.held.subarray(-1024))
      return null
    }
    this.found = true
    const line = this.held.toString('latin1', at + this.nonce.length, end).trim()
    const rest = this.held.subarray(end + 1)
    this.held = Buffer.alloc(0)
    this.onFound(line)
    return rest.length > 0 ? rest : null
  }

  /** What has come without the line. */
  text(): string {
    return this.held.toString('utf8').trim()
  }
}

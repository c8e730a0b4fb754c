import { randomBytes } from 'node:crypto'
import { dirname } from 'node:path'
import type { Argv } from '@/server/model/plan'
import type { BytesResult, Commands } from './commands'
import { ExecError, resultError } from './error'
import type { Exec } from './types'

/** Exit codes of the scripts below for what the system has no one word for. */
const missing = 40
const denied = 41
const folder = 42
const noFolder = 43

/** Ends the script unless "$1" is there. A path that may not be looked into is not one that is missing. */
export const mustExist = `
if [ ! -e "$1" ]; then
  case $(ls -d -- "$1" 2>&1) in *[Pp]ermission*) exit ${denied} ;; *[Nn]ot\\ a\\ dir*) exit ${noFolder} ;; esac
  exit ${missing}
fi`

/** $1 path, $2 offset, $3 most bytes */
const readScript = `${mustExist}
[ ! -d "$1" ] || exit ${folder}
[ -r "$1" ] || exit ${denied}
exec <"$1" || exit ${denied}
case $2 in
0) exec head -c "$3" ;;
-*) tail -c "\${2#-}" | head -c "$3" ;;
*) tail -c "+$(($2 + 1))" | head -c "$3" ;;
esac`

/** $1 path. GNU's stat and BSD's take different letters; both tell bytes and seconds with a fraction. */
const statScript = `${mustExist}
kind=file
[ ! -d "$1" ] || kind=folder
stat -L -c "$kind %s %.3Y" -- "$1" 2>/dev/null || stat -L -f "$kind %z %Fm" -- "$1"`

/** $1 path */
const listScript = `${mustExist}
[ -d "$1" ] || exit ${noFolder}
cd -- "$1" || exit ${denied}
exec find . -mindepth 1 -maxdepth 1 -print0`

/**
 * $1 path, $2 temporary path, $3 mode, $4 bytes. The bytes are counted: when the connection is cut, the input simply ends.
 * mv must not move into a folder that the path is a link to: GNU says -T, BSD says -h.
 */
const writeScript = `
umask 077
set -C
exec 3>"$2" || exit 1
fail() { rm -f -- "$2"; exit "$3"; }
chmod "$3" "$2" && cat >&3 && [ -n "$(find "$2" -size "$4"c)" ] || fail "$1" "$2" 1
if [ ! -d "$1" ]; then mv -f -- "$2" "$1" || fail "$1" "$2" 1
elif [ -L "$1" ]; then mv -fT -- "$2" "$1" 2>/dev/null || mv -fh -- "$2" "$1" || fail "$1" "$2" 1
else fail "$1" "$2" ${folder}
fi`

/** A whole image's worth of bytes may come over a slow line. */
const transferMs = 180_000

const codeWords: Record<number, string> = {
  [missing]: 'it does not exist',
  [denied]: 'this user may not',
  [folder]: 'it is a folder',
  [noFolder]: 'a part of the path is not a folder',
}
const saidWords: [RegExp, string][] = [
  [/permission denied|not permitted/i, 'this user may not'],
  [/no space left/i, 'the disk is full'],
  [/read-only file system/i, 'the file system is read-only'],
  [/nonexistent|no such file/i, 'it does not exist'],
  [/not a directory/i, 'a part of the path is not a folder'],
]

/** Why a file operation failed, in the words that local files have. */
export function remoteFileError(verb: string, path: string, result: BytesResult): ExecError {
  if (result.signal) return resultError({ ...result, stdout: '' })
  const said = result.stderr.trim()
  const why = codeWords[result.code ?? 0] ?? saidWords.find(([pattern]) => pattern.test(said))?.[1] ?? (said || `code ${result.code}`)
  return new ExecError(`Cannot ${verb} ${path}: ${why}`, { reason: why === codeWords[missing] ? 'missing' : 'file', stderr: said })
}

export const shell = (script: string, ...values: string[]): Argv => ['/bin/sh', '-c', script, 'sh', ...values]

/** Files of a host that only runs commands. Needs sh, ls, head, tail, stat, find, mv and chmod as FreeBSD and GNU have them. */
export function remoteFiles(run: Commands['runBytes']): Pick<Exec, 'writeFile' | 'readFile' | 'stat' | 'readDir'> {
  return {
    async writeFile(path, mode, content) {
      const temporary = `${dirname(path)}/.${randomBytes(6).toString('hex')}.part`
      const bytes = Buffer.from(content)
      const result = await run(shell(writeScript, path, temporary, mode.toString(8), String(bytes.length)), {
        stdin: bytes,
        timeoutMs: transferMs,
      })
      if (result.code !== 0) throw remoteFileError('write', path, result)
    },
    async readFile(path, { offset = 0, maxBytes = 32 * 1024 * 1024 } = {}) {
      const result = await run(shell(readScript, path, String(offset), String(maxBytes)), { maxBytes: maxBytes + 1, timeoutMs: transferMs })
      if (result.code !== 0) throw remoteFileError('read', path, result)
      return result.stdout
    },
    async stat(path) {
      const result = await run(shell(statScript, path))
      if (result.code === missing || result.code === noFolder) return null
      const [, kind, size, seconds] = /^(file|folder) (\d+) ([\d.]+)\s*$/.exec(result.stdout.toString()) ?? []
      if (result.code !== 0 || size === undefined) throw remoteFileError('look at', path, result)
      return { size: Number(size), mtimeMs: Number(seconds) * 1000, isDirectory: kind === 'folder' }
    },
    async readDir(path) {
      const result = await run(shell(listScript, path))
      if (result.code === missing || result.code === noFolder) return []
      if (result.code !== 0) throw remoteFileError('read the folder', path, result)
      const names = result.stdout.toString('utf8').split('\0')
      return names.filter(Boolean).map((name) => name.replace(/^\.\//, ''))
    },
  }
}

import type { Command, FilesTarget } from '@/server/engines/types'
import { type FileEntry, type Folder, mostEntries } from '@/server/model/file'
import type { Argv } from '@/server/model/plan'

/** Every script begins so: the same language and time everywhere, and one way to refuse. */
const begin = `
LC_ALL=C TZ=UTC0
export LC_ALL TZ
refuse() { echo "$1" >&2; exit 1; }`

/** A path that is no file to read or write. $1: the path. Links are followed, in the guest. */
const mustBeFile = `
[ ! -d "$1" ] || refuse "It is a folder"
[ -e "$1" ] || refuse "There is no such file"
[ -f "$1" ] || refuse "It is no plain file"
[ -r "$1" ] || refuse "It may not be read"`

/**
 * $1 folder. Each entry is told by stat: its mode in hex, owner, group, bytes, seconds since 1970 and name. ls was no choice: that of
 * BusyBox writes ? for letters it does not know. GNU's and BusyBox's stat take -c, FreeBSD's -f. What vanishes meanwhile is no failure.
 */
const listScript = `${begin}
[ -d "$1" ] || { [ -e "$1" ] && refuse "It is no folder"; refuse "There is no such folder"; }
cd -- "$1" 2>/dev/null || refuse "It may not be read"
if stat -c %f / >/dev/null 2>&1; then set -- -c '%f %u %g %s %Y %n'
elif stat -f %Xp / >/dev/null 2>&1; then set -- -f '%Xp %u %g %z %m %N'
else refuse "Its system has no stat"
fi
find . ! -name . -prune -exec stat "$@" {} + 2>/dev/null
exit 0`

/** $1 file, $2 "size" for the size alone. The size is told by ls: wc would read it all. */
const readScript = `${begin}${mustBeFile}
command exec <"$1" || refuse "It may not be read"
set -f
set -- "$2" $(ls -lnL -- "$1" | head -n 1)
echo "$6"
[ "$1" = size ] || exec cat`

/** $1 file, $2 bytes, $3 "replace" or "new", $4 a word for the draft. Leaves the draft, made anew: no link is followed. */
const prepare = `
umask 022
folder=\${1%/*}
draft="$folder/.$4.part"
[ -d "$folder/" ] || refuse "There is no such folder"
[ ! -d "$1" ] || refuse "It is a folder"
if [ -e "$1" ] || [ -L "$1" ]; then
  [ "$3" = replace ] || refuse "There is such a file already"
  [ -f "$1" ] || [ -L "$1" ] || refuse "It is no plain file"
fi
free=$(df -kP -- "$folder/" 2>/dev/null | tail -n 1 | { read -r _ _ _ free _; echo "$free"; })
case $free in ''|*[!0-9]*) ;; *) [ $((free * 1024)) -ge "$2" ] || refuse "There is no room for it in the guest" ;; esac
set -C
command exec 3>"$draft" || refuse "Nothing can be written into this folder"
set +C`

/** Counts the draft and gives it its place: a link that stands there is replaced and not followed. No set-user bit is kept. */
const finish = `
folder=\${1%/*}
draft="$folder/.$4.part"
drop() { rm -f -- "$draft"; refuse "$1"; }
[ "$(wc -c <"$draft")" -eq "$2" ] || drop "Not all of it has arrived"
if [ -f "$1" ] && [ ! -L "$1" ] && seen=$(stat -c '%u:%g %a' -- "$1" 2>/dev/null || stat -f '%u:%g %Lp' -- "$1" 2>/dev/null); then
  mode=\${seen#* }
  chown "\${seen% *}" "$draft" || drop "Its owner could not be kept"
  chmod "\${mode#"\${mode%???}"}" "$draft" || drop "Its mode could not be kept"
fi
mv -f -- "$draft" "$1" || drop "It could not be put in its place"`

/** Parts of a write for those who bring the bytes another way: each a whole script with the values of `prepare`. */
export const writeParts = { prepare: begin + prepare, finish: begin + finish }
export const scripts = { list: listScript, read: readScript }

const writeScript = `${begin}${prepare}
cat >&3 || { rm -f -- "$draft"; refuse "It could not be written to its end: is the disk full?"; }
exec 3>&-${finish}`

/**
 * Files of a guest that runs commands: `inside` puts a command of the guest into one of the host. Paths are arguments of constant
 * scripts, which the guest's own sh runs under the guest's own root. Needs sh, find, stat, ls, cat, head, tail, wc, mv and rm there; df,
 * chown and chmod are used where they are.
 */
export function shellFiles(inside: (command: Argv) => Argv, env?: Record<string, string>): FilesTarget {
  const script = (text: string, ...values: string[]): Command => ({
    argv: inside(['/bin/sh', '-c', text, 'sh', ...values]),
    ...(env && { env }),
  })
  return {
    list: (path) => script(listScript, path),
    read: (path, { sizeOnly = false } = {}) => script(readScript, path, sizeOnly ? 'size' : 'all'),
    write: (path, { sizeBytes, replace, draft }) => ({
      ...script(writeScript, path, String(sizeBytes), replace ? 'replace' : 'new', draft),
      undo: inside(['rm', '-f', '--', `${path.slice(0, path.lastIndexOf('/'))}/.${draft}.part`]),
    }),
  }
}

/** The kind is in the highest four bits of a mode: stat(2), S_IFMT. */
const kinds = new Map<number, FileEntry['kind']>([
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'link'],
])
const letters = 'rwxrwxrwx'
/** Where ls(1) shows set-user-ID, set-group-ID and the sticky bit: in place of x, and as a capital where there is none. */
const special = new Map([
  [2, { bit: 0o4000, letter: 's' }],
  [5, { bit: 0o2000, letter: 's' }],
  [8, { bit: 0o1000, letter: 't' }],
])
const modeText = (mode: number): string =>
  [...letters]
    .map((letter, at) => {
      const plain = mode & (0o400 >> at) ? letter : '-'
      const extra = special.get(at)
      if (!extra || !(mode & extra.bit)) return plain
      return plain === 'x' ? extra.letter : extra.letter.toUpperCase()
    })
    .join('')

const line = /^([0-9a-f]{1,6}) (\d+) (\d+) (\d+) (-?\d+) \.\/(.+)$/i

/**
 * What `list` printed. A name with a line break in it does not look like a line and is counted in `left`, as are those beyond the
 * limit. Names are the guest's to choose: whoever shows them treats them as text.
 */
export function parseFolder(path: string, printed: string): Folder {
  const entries: FileEntry[] = []
  let left = 0
  for (const each of printed.split('\n')) {
    if (each === '') continue
    const [, hex, uid, gid, size, seconds, name] = line.exec(each) ?? []
    if (!hex || !name || name.includes('/')) {
      // The rest of a name whose beginning was taken for a whole one: that is no file that could be asked for.
      if (entries.pop()) left++
      continue
    }
    const mode = Number.parseInt(hex, 16)
    const kind = kinds.get(mode & 0o170000) ?? 'other'
    entries.push({
      name,
      kind,
      ...(kind === 'file' && { sizeBytes: Number(size) }),
      modifiedAt: Number(seconds) * 1000,
      mode: modeText(mode),
      uid: Number(uid),
      gid: Number(gid),
    })
  }
  return { path, entries: entries.slice(0, mostEntries), left: left + Math.max(0, entries.length - mostEntries) }
}

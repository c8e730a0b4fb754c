import { scripts, writeParts } from '@/server/engines/guest-files'
import type { Command, FilesTarget } from '@/server/engines/types'
import type { Argv } from '@/server/model/plan'

/** A request to the agent, as JSON: https://qemu-project.gitlab.io/qemu/interop/qemu-ga-ref.html */
const request = (execute: string, values: Record<string, unknown>): string => JSON.stringify({ execute, arguments: values })

/** The same scripts that containers get, run by the agent as root of the guest. */
const inGuest = (script: string, ...values: string[]): string =>
  request('guest-exec', { path: '/bin/sh', arg: ['-c', script, 'sh', ...values], 'capture-output': true })

/**
 * Every script begins so; it runs on the host. $1 libvirt's address, $2 the domain. JSON is read by sed, for its values are numbers and
 * base64; some versions of libvirt write blanks into it and a \\ before each /.
 */
const begin = `
uri=$1 domain=$2
shift 2
refuse() { echo "$1" >&2; exit 1; }
agent() { virsh -q -c "$uri" qemu-agent-command --domain "$domain" --timeout 20 --cmd "$1" | tr -d ' \\\\\\\\'; }
number() { sed -n "s/.*\\"$1\\":\\([0-9]*\\).*/\\1/p"; }
bytes() { sed -n "s/.*\\"$1\\":\\"\\([^\\"]*\\)\\".*/\\1/p" | base64 -d; }
inside() {
  pid=$(agent "$1" | number pid)
  [ -n "$pid" ] || exit 1
  while :; do
    ended=$(agent '{"execute":"guest-exec-status","arguments":{"pid":'"$pid"'}}')
    case $ended in
    *'"exited":true'*) break ;;
    *'"exited":false'*) sleep 0.1 ;;
    *) refuse "The guest agent stopped answering" ;;
    esac
  done
  printf '%s\\n' "$ended" | bytes out-data
  printf '%s\\n' "$ended" | bytes err-data >&2
  case $ended in *'"exitcode":0'*) return 0 ;; esac
  exit 1
}
open() {
  handle=$(agent "$1" | number return)
  [ -n "$handle" ] || exit 1
  trap 'agent "{\\"execute\\":\\"guest-file-close\\",\\"arguments\\":{\\"handle\\":$handle}}" >/dev/null 2>&1' EXIT
  trap 'exit 1' TERM INT HUP
}`

/** $3 what to run in the guest. */
const runScript = `${begin}
inside "$1"`

/** $3 the check in the guest, which tells the size; $4 what opens it; $5 "size" for that alone. A MiB at a time: libvirt takes 10 MiB. */
const readScript = `${begin}
size=$(inside "$1") || exit 1
case $size in ''|*[!0-9]*) refuse "The guest told no size" ;; esac
echo "$size"
[ "$3" = all ] || exit 0
open "$2"
while [ "$size" -gt 0 ]; do
  agent '{"execute":"guest-file-read","arguments":{"handle":'"$handle"',"count":1048576}}' | bytes buf-b64
  size=$((size - 1048576))
done`

/** $3 prepares in the guest, $4 opens the draft, $5 finishes. 72 KiB at a time: one argument holds 128 KiB at most. */
const writeScript = `${begin}
inside "$1"
open "$2"
while :; do
  piece=$(head -c 73728 | base64 -w 0)
  [ -n "$piece" ] || break
  agent '{"execute":"guest-file-write","arguments":{"handle":'"$handle"',"buf-b64":"'"$piece"'"}}' | grep -q '"count":' || refuse "It could not be written to its end: is the disk full?"
done
agent '{"execute":"guest-file-close","arguments":{"handle":'"$handle"'}}' >/dev/null
trap - EXIT
inside "$3"`

/**
 * Files of a VM, by its guest agent: what is decided is decided by scripts in the guest, the bytes go by the agent's own file commands.
 * The guest must let the agent run commands (guest-exec); where it does not, the agent's own words say so.
 */
export function agentFiles(uri: string, uuid: string): FilesTarget {
  const script = (text: string, ...values: string[]): Argv => ['/bin/sh', '-c', text, 'sh', uri, uuid, ...values]
  const command = (text: string, ...values: string[]): Command => ({ argv: script(text, ...values) })
  return {
    list: (path) => command(runScript, inGuest(scripts.list, path)),
    read: (path, { sizeOnly = false } = {}) =>
      command(readScript, inGuest(scripts.read, path, 'size'), request('guest-file-open', { path, mode: 'r' }), sizeOnly ? 'size' : 'all'),
    write(path, { sizeBytes, replace, draft }) {
      const part = `${path.slice(0, path.lastIndexOf('/'))}/.${draft}.part`
      const values = [path, String(sizeBytes), replace ? 'replace' : 'new', draft]
      return {
        ...command(
          writeScript,
          inGuest(writeParts.prepare, ...values),
          request('guest-file-open', { path: part, mode: 'w' }),
          inGuest(writeParts.finish, ...values),
        ),
        undo: script(runScript, inGuest('rm -f -- "$1"', part)),
      }
    },
  }
}

import type { Step } from '@/server/model/plan'
import type { Upload } from './uploads'

/** A link of a day is slow and an image large. */
const sendMs = 24 * 60 * 60 * 1000

/** $1 file, $2 bytes: a stream that ended early is not taken for the whole. The text is constant, for any sh. */
const receive = 'umask 077; cat >"$1" && [ "$(wc -c <"$1")" -eq "$2" ]'

/** The title of the step that streams: what failed there was not the file's fault. */
export const sendTitle = 'Send the file to the host'

/** Streams an upload from this machine to the host, to the file `to`. It fails where not all of it arrives. */
export const sendStep = (upload: Upload & { data: string }, to: string): Step => ({
  title: sendTitle,
  argv: ['/bin/sh', '-c', receive, 'sh', to, String(upload.sizeBytes)],
  feed: { path: upload.data, sizeBytes: upload.sizeBytes },
  timeoutMs: sendMs,
})

/** $1 file, $2 its sum: by the program of GNU or that of FreeBSD. */
const compare =
  'sum=$( (sha256sum -- "$1" || sha256 -q "$1") 2>/dev/null | cut -d " " -f 1); [ "$sum" = "$2" ] || { echo "its SHA-256 is $sum"; exit 1; }'

/** Fails unless the file has this SHA-256. */
export const sumStep = (path: string, sha256: string): Step => ({
  title: 'Compare the checksum',
  argv: ['/bin/sh', '-c', compare, 'sh', path, sha256.toLowerCase()],
  timeoutMs: 1_800_000,
})

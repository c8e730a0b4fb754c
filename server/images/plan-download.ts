import { posix } from 'node:path'
import { AppError } from '@/server/errors'
import type { ImageRequest } from '@/server/model/image-request'
import type { Argv, Plan, Step } from '@/server/model/plan'
import { type Checksum, findChecksum, parseDigest } from './checksum'
import { qcow2Steps } from './disk-steps'
import { newImage, type PlanContext } from './frame'
import { roomInStore } from './free-room'
import { headerBytes, readHeader } from './header'
import { urlFileName } from './names'
import { imagePaths } from './paths'
import { acceptHeader, fileNames, foreignFile, freeId } from './plan-import'
import { type Got, safeGet } from './safe-get'

type Request = Extract<ImageRequest, { kind: 'download' }>

const maxChecksumFile = 1024 * 1024
/** What a packed image may grow to: this many times its size, or this much when it is small. Real ones grow four times. */
const maxUnpack = { times: 50, bytes: 4 * 1024 ** 3 }

async function expected(request: Request, fileName: string, allowedHost: string | null): Promise<Checksum> {
  const stated = parseDigest(request.checksum)
  if (stated) return stated
  const got = await safeGet(request.checksum, { allowedHost, maxBytes: maxChecksumFile })
  if (got.cut) throw new AppError('refused', 'The checksum file is larger than 1 MiB', 'checksum')
  const found = findChecksum(new TextDecoder().decode(got.body), fileName)
  if (!found) throw new AppError('refused', `The checksum file has no SHA-256 or SHA-512 of ${fileName}`, 'checksum')
  return found
}

/** curl with every way closed by which it could reach another machine than the one that was checked. */
function fetchArgv(got: Got, out: string, cap: number): Argv {
  const { hostname, port, addresses } = got.peer
  const pinned = addresses.map((address) => (address.includes(':') ? `[${address}]` : address)).join(',')
  const name = hostname.includes(':') ? `[${hostname}]` : hostname
  return [
    'prlimit',
    `--fsize=${cap}`,
    '--',
    'curl',
    '--disable',
    '--noproxy',
    '*',
    '--proto',
    '=http,https',
    '--max-redirs',
    '0',
    '--resolve',
    `${name}:${port}:${pinned}`,
    '--globoff',
    '--fail',
    '--connect-timeout',
    '20',
    '--speed-limit',
    '1024',
    '--speed-time',
    '60',
    '--max-filesize',
    String(cap),
    '--progress-bar',
    '--output',
    out,
    '--',
    got.url,
  ]
}

/**
 * An image from an address, with its checksum. While planning, redirects are followed and every host on the way is checked; the plan
 * then names the last address and the very machines that were checked. The file is opened by nothing before its checksum holds.
 */
export async function planDownload(context: PlanContext, request: Request): Promise<Plan> {
  const allowedHost = request.allowPrivate ? new URL(request.url).hostname : null
  await context.exec.read(['curl', '--version']).catch(() => {
    throw new AppError('refused', 'curl is not installed on this host: run apt-get install curl')
  })
  const got = await safeGet(request.url, { allowedHost, maxBytes: headerBytes })
  const name = urlFileName(request.url)
  const sum = await expected(request, name, allowedHost)
  const cap = await roomInStore(context)
  if ((got.sizeBytes ?? 0) > cap) throw new AppError('refused', 'The disk of the image store has no room for it', 'url')
  const header = readHeader(got.body)
  const xz = header.kind === 'packed' && header.by === 'xz'
  const format = xz ? (/\.qcow2\.xz$/i.test(name) ? 'qcow2' : /\.iso\.xz$/i.test(name) ? 'iso' : 'raw') : acceptHeader(header)
  const id = await freeId(context, request.title)
  const paths = imagePaths(context.storeDir, id)
  const disk = posix.join(paths.part, fileNames[format])
  const fetched = xz ? `${disk}.xz` : disk
  const unpackCap = Math.min(cap, Math.max((got.sizeBytes ?? 0) * maxUnpack.times, maxUnpack.bytes))
  const steps: Step[] = [
    { title: `Fetch ${new URL(got.url).host}`, argv: fetchArgv(got, fetched, cap), timeoutMs: 24 * 60 * 60 * 1000, progress: 'percent' },
    {
      title: 'Compare the checksum',
      argv: [`${sum.algorithm}sum`, '--check', '--strict', '-'],
      stdin: `${sum.hex}  ${fetched}\n`,
      timeoutMs: 1_800_000,
    },
  ]
  if (xz)
    steps.push({ title: 'Unpack it', argv: ['prlimit', `--fsize=${unpackCap}`, '--', 'xz', '-d', '--', fetched], timeoutMs: 1_800_000 })
  if (format === 'qcow2') steps.push(...qcow2Steps(disk))
  const warnings = request.allowPrivate ? [`Private addresses are allowed for ${allowedHost}`] : []
  if (request.url.startsWith('http:') && !parseDigest(request.checksum))
    warnings.push('Neither the file nor, perhaps, its checksum comes over https: somebody on the way could change both')
  return newImage(
    paths,
    foreignFile(id, request, format, {
      virtualBytes: header.kind === 'qcow2' ? header.virtualBytes : xz ? undefined : got.sizeBytes,
      createdAt: context.now,
      source: 'url',
      sha256: sum.algorithm === 'sha256' && !xz ? sum.hex : undefined,
    }),
    steps,
    { warnings },
  )
}

import { posix } from 'node:path'
import { z } from 'zod'
import { AppError } from '@/server/errors'
import { resultError } from '@/server/exec/error'
import type { Exec } from '@/server/exec/types'
import type { Arch } from '@/server/model/guest'

const debianArches = { x86_64: 'amd64', aarch64: 'arm64', riscv64: 'riscv64', i686: 'i386' } satisfies Record<Arch, string>
/** Debian's name of an instruction set. */
export const debianArch = (arch: Arch): string => debianArches[arch]

export type Release = { version: number; codename: string; arch: string }

/** The Debian release of a host, from os-release(5) and dpkg. Rejects with `refused` on other systems: images are made with Debian's tools. */
export async function debianRelease(exec: Exec): Promise<Release> {
  const text = new TextDecoder().decode(await exec.readFile('/etc/os-release', { maxBytes: 64 * 1024 }))
  const facts = new Map([...text.matchAll(/^([A-Z_]+)="?([^"\n]*)"?$/gm)].map(([, key, value]) => [key, value]))
  const parsed = z
    .object({ ID: z.literal('debian'), VERSION_ID: z.coerce.number(), VERSION_CODENAME: z.string().regex(/^[a-z]+$/) })
    .safeParse(Object.fromEntries(facts))
  if (!parsed.success)
    throw new AppError('refused', `Images are made on Debian hosts; this one runs ${facts.get('PRETTY_NAME') ?? 'another system'}`)
  const arch = (await exec.read(['dpkg', '--print-architecture'])).trim()
  return { version: parsed.data.VERSION_ID, codename: parsed.data.VERSION_CODENAME, arch }
}

/** Package lists of a foreign architecture are kept apart, so that the host's own apt never hears of it. */
export function aptOptions(dataDir: string, release: Release, arch: string): string[] {
  if (arch === release.arch) return ['-oAPT::Sandbox::User=root']
  const lists = listsDir(dataDir, arch)
  return [
    '-oAPT::Sandbox::User=root',
    `-oAPT::Architecture=${arch}`,
    `-oAPT::Architectures=${arch}`,
    `-oDir::State::Lists=${lists}`,
    '-oDir::Cache::pkgcache=',
    '-oDir::Cache::srcpkgcache=',
  ]
}
const listsDir = (dataDir: string, arch: string) => posix.join(dataDir, 'apt', arch)

const dayMs = 24 * 60 * 60 * 1000

/**
 * The versioned kernel package behind a meta package, as `apt-cache depends` tells. For a foreign architecture its package lists are
 * fetched first, once a day, into Bailiwick's own folder. Null when the suite has no such kernel.
 */
export async function kernelPackage(
  exec: Exec,
  dataDir: string,
  release: Release,
  arch: string,
  meta: string,
  now = Date.now(),
): Promise<string | null> {
  const options = aptOptions(dataDir, release, arch)
  if (arch !== release.arch) {
    const lists = listsDir(dataDir, arch)
    const stamp = posix.join(lists, 'fetched')
    const fetched = await exec.stat(stamp)
    if (!fetched || now - fetched.mtimeMs > dayMs) {
      await exec.read(['mkdir', '-p', posix.join(lists, 'partial')])
      await exec.read(['apt-get', ...options, '-q', 'update'], { timeoutMs: 300_000 })
      await exec.writeFile(stamp, 0o644, '')
    }
  }
  const said = await exec.run(['apt-cache', ...options, 'depends', meta])
  // It ends with a code of its own where there is no such package; one that was ended told nothing.
  if (said.code === null) throw resultError(said)
  return /^\s*Depends: (linux-image-[a-z0-9][a-z0-9+.-]*)$/m.exec(said.stdout)?.[1] ?? null
}

/** apt-get's index targets as `URI CODENAME COMPONENT ORIGIN` lines to sources.list(5) lines: Debian's main, in the order of use. */
export function parseMirrors(text: string, codename: string): string[] {
  const targets = text.split('\n').map((line) => /^(\S+) (\S+) (\S+) (.+)$/.exec(line.trim())?.slice(1) ?? [])
  const lines: string[] = []
  for (const suite of [codename, `${codename}-updates`, `${codename}-security`]) {
    const uri = targets.find(([, name, component, origin]) => name === suite && component === 'main' && origin === 'Debian')?.[0]
    if (uri && /^[a-z0-9+]+:\/[^\s[\]]+$/.test(uri)) lines.push(`deb ${uri} ${suite} main`)
  }
  return lines
}

/** The host's own Debian mirrors: images are fetched from where the host itself is. Rejects with `refused` when apt knows none. */
export async function mirrors(exec: Exec, release: Release): Promise<string[]> {
  const format = '$(REPO_URI) $(CODENAME) $(COMPONENT) $(ORIGIN)'
  const lines = parseMirrors(await exec.read(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages']), release.codename)
  if (!lines[0]?.includes(` ${release.codename} `))
    throw new AppError('refused', `apt knows no mirror of Debian ${release.codename}: run apt-get update on the host`)
  return lines
}

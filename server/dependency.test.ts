import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
type Import = { from: string; to: string; typeOnly: boolean }

const isTest = (path: string) => /\.test\.\w+$|(^|\/)(fixtures?|fake|contract)[-/]|\/contract\.ts$|\/transcripts\//.test(path)

/** What a file imports: project paths without extension, or the package's name. */
function importsOf(path: string, text: string): Import[] {
  const found: Import[] = []
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'"]*?\sfrom\s+)?['"]([^'"]+)['"]/gm)) {
    const [, typeOnly, source = ''] = match
    const to = source.startsWith('@/')
      ? source.slice(2)
      : source.startsWith('.')
        ? relative(root, resolve(root, dirname(path), source))
        : source
    found.push({ from: path, to, typeOnly: typeOnly !== undefined })
  }
  for (const match of text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g)) found.push({ from: path, to: match[1] ?? '', typeOnly: false })
  return found
}

const files = ['app', 'components', 'server']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)))
  .filter((path) => !isTest(path))
const imports = files.flatMap((path) => importsOf(path, readFileSync(join(root, path), 'utf8')))

/** Imports of our own files from one area that nothing in `allowed` covers. A rule ending in " type" covers types only. */
function strays(area: RegExp, allowed: string[]): string[] {
  return imports
    .filter(({ from, to }) => area.test(from) && /^(app|components|server|generated)\//.test(to))
    .filter(
      ({ to, typeOnly }) => !allowed.some((rule) => to.startsWith(rule.replace(/ type$/, '')) && (typeOnly || !rule.endsWith(' type'))),
    )
    .map(({ from, to }) => `${from} → ${to}`)
}

describe('the reading of imports', () => {
  it('sees every form', () => {
    const text = `import a from '@/server/x'\nimport type { B } from '../y'\nexport {\n  c,\n} from './z'\nimport './side'\nconst d = await import('next')`
    expect(importsOf('server/a/b.ts', text)).toEqual([
      { from: 'server/a/b.ts', to: 'server/x', typeOnly: false },
      { from: 'server/a/b.ts', to: 'server/y', typeOnly: true },
      { from: 'server/a/b.ts', to: 'server/a/z', typeOnly: false },
      { from: 'server/a/b.ts', to: 'server/a/side', typeOnly: false },
      { from: 'server/a/b.ts', to: 'next', typeOnly: false },
    ])
    expect(imports.length).toBeGreaterThan(200)
  })
})

describe('dependencies point one way', () => {
  it('model imports nothing but itself; zod only where input is described', () => {
    expect(strays(/^server\/model\//, ['server/model/'])).toEqual([])
    const packages = imports.filter(({ from, to }) => from.startsWith('server/model/') && !to.startsWith('server/model/'))
    expect(packages.filter(({ to }) => to !== 'zod')).toEqual([])
    const described = ['spec', 'operation', 'operation-more', 'image-request', 'host-input', 'file-input'].map(
      (name) => `server/model/${name}.ts`,
    )
    expect(packages.map(({ from }) => from).filter((from) => !described.includes(from))).toEqual([])
  })

  it('exec imports model only', () => {
    expect(strays(/^server\/exec\//, ['server/exec/', 'server/model/', 'server/errors'])).toEqual([])
  })

  it.each(['libvirt', 'incus'])('engine %s imports exec and model; no database, bus, job or other engine', (kind) => {
    const own = `server/engines/${kind}/`
    const shared = [
      'server/engines/types',
      'server/engines/guest-files',
      'server/engines/sha512-crypt',
      'server/exec/',
      'server/model/',
      'server/errors',
      'server/events/queue',
    ]
    expect(strays(new RegExp(`^${own}`), [own, ...shared])).toEqual([])
    expect(strays(/^server\/engines\/[^/]+$/, ['server/engines/', 'server/exec/', 'server/model/', 'server/errors'])).toEqual([])
  })

  it.each(['inventory', 'jobs', 'consoles', 'metrics', 'images', 'recordings', 'access', 'events', 'db'])(
    '%s knows no router, no HTTP and no page',
    (area) => {
      const outer = strays(new RegExp(`^server/${area}/`), ['server/', 'generated/'])
      expect(outer).toEqual([])
      const upward = imports.filter(
        ({ from, to }) =>
          from.startsWith(`server/${area}/`) && /^server\/(routers\/|router$|trpc$|http|main$|build-services$|env$)/.test(to),
      )
      expect(upward).toEqual([])
    },
  )

  it.each(['inventory', 'jobs', 'consoles', 'metrics', 'images', 'recordings', 'access'])(
    '%s meets the other services as interfaces only',
    (area) => {
      // Pure: a plan in, what pages show of it out.
      const shared = ['server/jobs/plan-view']
      const others = ['inventory', 'jobs', 'consoles', 'metrics', 'images', 'recordings', 'access'].filter((each) => each !== area)
      const concrete = imports.filter(
        ({ from, to, typeOnly }) =>
          from.startsWith(`server/${area}/`) &&
          !typeOnly &&
          !shared.includes(to) &&
          others.some((other) => to.startsWith(`server/${other}/`)),
      )
      expect(concrete.map(({ from, to }) => `${from} → ${to}`)).toEqual([])
    },
  )

  it('routers reach hosts through services only', () => {
    const allowed = [
      'server/routers/',
      'server/trpc',
      'server/model/',
      'server/errors',
      'server/events/queue',
      'server/images/catalogue',
      'server/services type',
    ]
    expect(strays(/^server\/routers\//, allowed)).toEqual([])
  })

  it('components import model, and the type of the router', () => {
    expect(strays(/^components\//, ['components/', 'server/model/', 'server/router type'])).toEqual([])
  })

  it('app imports components and model', () => {
    expect(strays(/^app\//, ['app/', 'components/', 'server/model/'])).toEqual([])
  })

  it('the database client is used by those who store something', () => {
    const users = imports.filter(({ to, typeOnly }) => to.startsWith('generated/prisma') && !typeOnly).map(({ from }) => from)
    expect(users).toEqual(['server/db/client.ts'])
  })
})

describe('files', () => {
  it('are at most 350 lines', () => {
    const long = files.filter((path) => readFileSync(join(root, path), 'utf8').split('\n').length > 351)
    expect(long).toEqual([])
  })
})

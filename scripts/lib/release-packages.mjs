// Which packages a release carries. Pure: from package-lock.json and what the build says it imports.

/** Prebuilt password hashing for every system that a release is for; npm would install only this machine's. */
export const prebuilt = ['linux-x64-gnu', 'linux-arm64-gnu', 'freebsd-x64'].map((system) => `@node-rs/argon2-${system}`)

/** Compiled on the machine itself: their sources go along. */
export const compiled = ['better-sqlite3', 'node-pty']

/** Wanted by these two only while npm installs them; `bailiwick rebuild` calls node-gyp itself. */
const installersOnly = new Set(['prebuild-install'])

/** "@scope/name" or "name" of an import, null for Node's own and for files. */
export function packageOf(specifier) {
  if (/^(node:|[./#])/.test(specifier)) return null
  const [scope = '', name] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

/** The packages that a bundle of esbuild imports: `import … from "x"`, `import "x"`, `import("x")`. */
export function importedBy(code) {
  const names = [...code.matchAll(/^\s*(?:import|export)\b[^"'\n]*["']([^"'\n]+)["'];?$|\bimport\("([^"\n]+)"\)/gm)]
  return [...new Set(names.map(([, still, lazy]) => packageOf(still ?? lazy ?? './')).filter((name) => name !== null))].sort()
}

/** Where the lock puts what `from` gets when it asks for `name`: the nearest node_modules upwards. */
function resolve(packages, from, name) {
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const path = `${at ? `${at}/` : ''}node_modules/${name}`
    if (packages[path]) return path
    if (!at) return null
  }
}

/**
 * Paths in node_modules of `names` and of all they depend on, by the lock. What is optional stays out: image tools and
 * compilers of Next. Throws for a dependency that the lock does not have.
 */
export function closure(lock, names) {
  const { packages } = lock
  const kept = new Set()
  const visit = (path, asked) => {
    if (!path) throw new Error(`package-lock.json has no ${asked}`)
    if (kept.has(path)) return
    kept.add(path)
    const entry = packages[path]
    for (const name of Object.keys(entry.dependencies ?? {}))
      if (!entry.optionalDependencies?.[name] && !installersOnly.has(name)) visit(resolve(packages, path, name), name)
  }
  for (const name of names) visit(resolve(packages, '', name), name)
  return [...kept].sort()
}

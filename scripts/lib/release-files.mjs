// Which files of the packages and of the build a release carries. Pure.

/** Never needed to run, in any package: maps, types, documents of the package's own making. */
const dead =
  /\.(map|d\.[cm]?ts|ts|tsx|md|markdown|flow|tsbuildinfo|cc\.orig)$|(^|\/)(\.github|__tests__|test|tests|docs|example|examples|benchmark)\//

/** Next's own copies of compilers, its overlay, and React's experimental channel. Loading its settings needs most of the others. */
const nextTools =
  /^dist\/compiled\/(terser|next-devtools|@vercel\/(nft|og)|@modelcontextprotocol|cssnano-simple|postcss-preset-env|[a-z-]+-experimental)\//

const byPackage = {
  // Its runtimes for every mode take 84 MB: of them, what its trace of the production server lists.
  next: (path, traced) =>
    traced.has(`next/${path}`) ||
    !(/^dist\/(esm|docs|bundle-analyzer|next-devtools|bin|compiled\/next-server)\/|\.development\./.test(path) || nextTools.test(path)),
  // Compilers of queries for other databases: 3 MB each.
  '@prisma/client': (path) =>
    !/^runtime\/(query_compiler_|.*\.wasm)/.test(path) || /^runtime\/query_compiler_small_bg\.sqlite\.(wasm-base64\.)?mjs$/.test(path),
  // Binaries for other systems.
  'node-pty': (path) => !/^(prebuilds|third_party|deps|src\/win)\//.test(path),
}

/** Sources that `bailiwick rebuild` compiles keep everything that could be read by a compiler. */
const sources = /^(src|deps|binding\.gyp|.*\.gypi?$|.*\.(c|cc|cpp|h|hpp|lzz)$)/

/** Whether a file of a package goes along. `path` is below the package; `traced` holds "<package>/<path>" of what Next lists. */
export function keepsFile(name, path, traced) {
  const rule = byPackage[name]
  if (rule && !rule(path, traced)) return false
  if (traced.has(`${name}/${path}`)) return true
  if ((name === 'node-pty' || name === 'better-sqlite3') && sources.test(path)) return true
  if (/^licen[cs]e/i.test(path)) return true
  return !dead.test(path)
}

/** Parts of `.next` that only building and developing read. */
const buildOnly =
  /^(cache|types|diagnostics|dev|turbopack|build)(\/|$)|^(trace|trace-build|required-server-files\.js|export-marker\.json)$|\.(map|nft\.json)$/

/** Whether a file of `.next` goes along. */
export const keepsPage = (path) => !buildOnly.test(path)

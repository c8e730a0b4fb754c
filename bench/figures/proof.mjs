import { inClone, root } from '../../scripts/lib/paths.mjs'
import { capture } from '../../scripts/lib/run.mjs'

const megabytes = 50
const cuts = 200
const restarts = 5

/** A seeded stream through the page's own client and the real consoles, cut and restarted: bytes that were lost or came twice. */
export async function proof() {
  const argv = [process.execPath, '--import', 'tsx', inClone('bench', 'proof', 'main.ts'), megabytes, cuts, restarts].map(String)
  const { code, stdout, stderr } = await capture(argv, { cwd: root, timeoutMs: 600_000 })
  const line = stdout.trim().split('\n').at(-1) ?? ''
  if (!line.startsWith('{')) throw new Error(stderr.trim().split('\n').at(-1) || `the proof ended with ${code}`)
  const found = JSON.parse(line)
  const wrong = found.equal ? 0 : Math.max(1, Math.abs(found.sent - found.seen))
  const where = found.firstDifference ? `; the first difference at byte ${found.firstDifference.at}` : ''
  return {
    proof: {
      values: [wrong],
      note: `${found.seen.toLocaleString('en')} of ${found.sent.toLocaleString('en')} bytes seen in ${found.seconds.toFixed(0)} s, SHA-256 ${found.sha256.slice(0, 16)}…; ${found.cuts} connections cut, the server ended ${found.ended} times and killed ${found.killed} times${where}`,
    },
  }
}

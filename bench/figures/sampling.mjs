import { inClone, root } from '../../scripts/lib/paths.mjs'
import { capture } from '../../scripts/lib/run.mjs'

/** What figures of 1,000 running guests cost the server's own process in a minute. No engine here runs so many. */
export async function sampling() {
  const { code, stdout, stderr } = await capture([process.execPath, '--import', 'tsx', inClone('bench', 'sampling.ts')], {
    cwd: root,
    timeoutMs: 120_000,
  })
  if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1) || `sampling.ts ended with ${code}`)
  const { seconds, textBytes, frameBytes } = JSON.parse(stdout)
  const kB = (bytes) => `${Math.round(bytes / 1000)} kB`
  return {
    sampling: {
      values: [seconds],
      note: `twelve readings of \`virsh domstats\` for 1,000 running VMs (${kB(textBytes)} each): parsed, made into rates, kept, and written for a page (${kB(frameBytes)}). Without virsh and libvirtd themselves`,
    },
  }
}

import { AppError } from '@/server/errors'
import type { Step } from '@/server/model/plan'
import { asRoot } from './argv'
import { under } from './plan-parts'
import type { CbsdHost } from './types'

/** A public key as CBSD gets it: kind and key, and the comment where it is a plain word. Null when it is not a key. */
function plainKey(key: string): string | null {
  const [kind, body, ...comment] = key.trim().split(/\s+/)
  if (!kind || !body || !/^[a-z0-9@.-]+$/.test(kind) || !/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return null
  const said = comment.join('-')
  return /^[A-Za-z0-9_.@+-]{1,128}$/.test(said) ? `${kind} ${body} ${said}` : `${kind} ${body}`
}

/**
 * The keys of a new guest as `ci_user_pubkey`, with the steps that go before and after: CBSD takes one key as text, or the path
 * of a file with several, which it reads while it creates. Comments that a shell might read are dropped.
 */
export function keySteps(cbsd: CbsdHost, name: string, keys: string[], field: string): { value?: string; before: Step[]; after: Step[] } {
  const plain = keys.map((key) => {
    const written = plainKey(key)
    if (written === null) throw new AppError('invalid', 'A public key in OpenSSH form: its kind, then the key', field)
    return written
  })
  if (plain.length <= 1) return { value: plain[0], before: [], after: [] }
  const path = under(cbsd, 'tmp', `bailiwick-${name}.pub`)
  const remove = asRoot(cbsd, 'rm', '-f', '--', path)
  const content = `${plain.join('\n')}\n`
  return {
    value: path,
    before: [{ title: 'Write the public keys', write: { path, mode: 0o644, content }, undo: remove }],
    after: [{ title: 'Remove the file with the keys', argv: remove }],
  }
}

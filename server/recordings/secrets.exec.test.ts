import { afterEach, describe, expect, it } from 'vitest'
import type { ConsoleTarget } from '@/server/model/console'
import { guestOf } from '../consoles/fixtures/console-server'
import type { SocketClient } from '../consoles/fixtures/socket-client'
import { newFolder, openRecorded } from './fixture-recordings'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const bash: ConsoleTarget = { kind: 'pty', argv: ['/bin/bash', '--norc', '-i'], env: { PS1: '$ ', HISTFILE: '/dev/null' } }
const secret = 'Tr0ub4dor'

/** A shell whose input is recorded. Ends with what its recording holds. */
async function recordedShell(target = bash) {
  const folder = newFolder()
  ends.push(folder.remove)
  const recorded = await openRecorded(folder.path, { target: () => target })
  let open = true
  const close = async () => {
    if (open) await recorded.close()
    open = false
  }
  ends.push(close)
  await recorded.service.setRule(guestOf('a').id, { mode: 'always', input: true })
  const client = await recorded.view()
  return {
    client,
    async held() {
      await close()
      const [id = '', ...more] = recorded.ids()
      expect(more).toEqual([])
      const text = recorded.text(id)
      const inputs = recorded.events(id).filter(({ code }) => code === 'i')
      return { text, typed: inputs.map(({ data }) => data) }
    },
  }
}

/** Types as a person does: the next key once the one before came back, or at once where none comes. */
async function type(client: SocketClient, keys: string, echoed = true) {
  for (const key of keys) {
    const before = client.seq
    client.type(key)
    if (echoed) await client.until((c) => c.seq > before)
  }
}
async function say(client: SocketClient, line: string, answer: string) {
  await type(client, line)
  client.type('\r')
  await client.until((c) => c.text.includes(answer))
}

const asks: [string, string, string][] = [
  ['read -s', `read -rs -p "pass""word: " x; echo; echo [$\{#x}]`, `[${secret.length}]`],
  ['stty -echo', `stty -echo; printf 'pass''word: '; read -r x; stty echo; echo [$\{#x}]`, `[${secret.length}]`],
  ['a password prompt of Python', `python3 -c 'import getpass; print([len(getpass.getpass("pass" "word: "))])'`, `[${secret.length}]`],
]

describe('what is typed while the echo is off', () => {
  it.each(asks)('%s: is nowhere in the file, and the commands around it are', async (_, ask, answer) => {
    const { client, held } = await recordedShell()
    await client.until((c) => c.text.endsWith('$ '))
    await say(client, 'echo bef""ore', 'before\r\n')
    await client.until((c) => c.text.endsWith('$ '))
    await say(client, ask, 'password: ')
    await type(client, secret, false)
    client.type('\r')
    await client.until((c) => c.text.includes(`${answer}\r\n`) && c.text.endsWith('$ '))
    await say(client, 'echo af""ter', 'after\r\n')
    const { text, typed } = await held()
    expect(text).not.toContain(secret)
    expect(typed).toEqual(['echo bef""ore\r', `${ask}\r`, '•', 'echo af""ter\r'])
  })

  it('a login prompt: the name is there, the password is not', async () => {
    const { client, held } = await recordedShell({ kind: 'pty', argv: ['/bin/login'] })
    await client.until((c) => /login: $/.test(c.text))
    await type(client, 'ada')
    client.type('\r')
    await client.until((c) => /Password: $/.test(c.text))
    await type(client, secret, false)
    client.type('\r')
    await client.until((c) => /incorrect/.test(c.text))
    const { text, typed } = await held()
    expect(text).not.toContain(secret)
    expect(typed).toEqual(['ada\r', '•'])
  })

  // Nobody has no password: it is asked for all the same, and refused.
  it.each([
    ['su', 'su', 'Password: ', 'failure'],
    ['sudo', 'sudo -k -p "Pass""word: " id', 'Password: ', 'try again'],
  ])('%s, which asks in its own way', async (_, command, asks, refuses) => {
    const { client, held } = await recordedShell()
    await client.until((c) => c.text.endsWith('$ '))
    const line = `setpriv --reuid=65534 --clear-groups ${command}`
    await say(client, line, asks)
    await type(client, secret, false)
    client.type('\r')
    await client.until((c) => c.text.includes(refuses))
    const { text, typed } = await held()
    expect(text).not.toContain(secret)
    expect(typed).toEqual([`${line}\r`, '•'])
  })

  it('pasted all at once, with the lines before and after', async () => {
    const { client, held } = await recordedShell({ ...bash, argv: ['/bin/sh', '-i'] })
    await client.until((c) => c.text.endsWith('$ ') || c.text.endsWith('# '))
    client.type(`stty -echo; echo rea""dy\r`)
    await client.until((c) => c.text.includes('ready\r\n'))
    client.type(`${secret}=1\rstty echo; echo ba""ck\r`)
    // A prompt that comes between a key and its echo would make the key look unseen.
    await client.until((c) => /back\r\n.*[$#] $/s.test(c.text))
    await say(client, 'echo en""d', 'end\r\n')
    const { text, typed } = await held()
    expect(text).not.toContain(secret)
    expect(typed.at(-1)).toBe('echo en""d\r')
  })

  it('while something in the background prints without a pause', async () => {
    const { client, held } = await recordedShell()
    await client.until((c) => c.text.endsWith('$ '))
    await say(
      client,
      `while :; do echo ${[...secret].join(' ')}; sleep 0.01; done & read -rs -p "pass""word: " x; kill %1; echo [$\{#x}]`,
      'password: ',
    )
    await type(client, secret)
    client.type('\r')
    await client.until((c) => c.text.includes(`[${secret.length}]`))
    const { typed } = await held()
    expect(typed.join('')).not.toContain(secret)
    expect(typed).toContain('•')
  })
})

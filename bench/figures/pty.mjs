import { spawn } from 'node-pty'
import { median, quantile, times } from '../stats.mjs'
import { floods, mbPerSecond } from './flood.mjs'

const size = { cols: 120, rows: 40 }
const prompt = /[#$] $/

/** A program on a terminal of its own, read as fast as it gives; only the end of its text is kept. */
export function onPty(argv, env = {}) {
  const terminal = spawn(argv[0], argv.slice(1), {
    ...size,
    encoding: null,
    cwd: '/root',
    env: { ...process.env, TERM: 'xterm-256color', ...env },
  })
  const looks = new Set()
  let tail = ''
  terminal.onData((data) => {
    tail = (tail + data.toString('latin1')).slice(-200)
    for (const look of looks) look()
  })
  const until = (pattern, timeoutMs = 60_000) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => settle(reject, new Error(`Not within ${timeoutMs / 1000} s: ${pattern}`)), timeoutMs)
      const settle = (how, value) => {
        clearTimeout(timer)
        looks.delete(look)
        how(value)
      }
      const look = () => pattern.test(tail) && settle(resolve, performance.now())
      looks.add(look)
      look()
    })
  return {
    type: (text) => terminal.write(text),
    until,
    forget: () => {
      tail = ''
    },
    end: () =>
      new Promise((resolve) => {
        terminal.onExit(resolve)
        terminal.kill('SIGKILL')
      }),
  }
}

/** ms from Enter until the line after what a command prints. */
export async function timed(client, command) {
  const mark = `end-${Math.random().toString(36).slice(2, 8)}`
  const from = performance.now()
  client.type(`${command}; echo e""${mark.slice(1)}\r`)
  const at = await client.until(new RegExp(`\\n${mark}\\r\\n`), 120_000)
  await client.until(prompt)
  return at - from
}

/** ms from Ctrl-C, 1.5 s into `yes`, until the prompt. */
export async function stopped(client) {
  client.type('yes\r')
  await new Promise((done) => setTimeout(done, 1500))
  const from = performance.now()
  client.type('\x03')
  const at = await client.until(/\^C\r\n[^\n]*[#$] $/)
  return at - from
}

/** ms from each of so many letters until it comes back. */
export async function echoes(client, count) {
  const took = []
  for (let i = 0; i < count; i++) {
    const letter = String.fromCharCode(97 + (i % 26))
    client.forget?.()
    const from = performance.now()
    client.type(letter)
    took.push((await client.until(new RegExp(`${letter}$`))) - from)
    await new Promise((done) => setTimeout(done, 20))
  }
  client.type('\x15')
  return took
}

/** What a plain terminal reaches here, with nothing between it and who reads it: of this machine, and through `incus exec`. */
async function plain(argv, env) {
  const client = onPty(argv, env)
  await client.until(prompt, 15_000)
  const took = await echoes(client, 100)
  const rate = async ({ command, bytes }, rounds) => mbPerSecond(bytes, median(await times(rounds, () => timed(client, command))))
  const found = {
    echo: [quantile(took, 0.5), quantile(took, 0.95)],
    seq: await rate(floods.seq, 5),
    lines: await rate(floods.lines, 5),
    long: await rate(floods.long, 1),
    ctrlC: median(await times(5, () => stopped(client))) / 1000,
  }
  await client.end()
  return found
}

/** A plain pty as what stands beside the consoles: `bash` here, and `incus exec` into the same container without us. */
export async function pty(world) {
  const { container } = await world.guests()
  await world.only(container)
  return {
    plain: {
      local: await plain(['bash', '--norc', '-i'], { PS1: '$ ' }),
      incus: await plain(['incus', 'exec', container, '--', 'bash', '-l'], {}),
    },
  }
}

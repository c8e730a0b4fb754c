import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { carryOut, contract } from '@/server/engines/contract'
import { openTestConsole } from '@/server/engines/contract-console'
import { thisMachine } from '@/server/engines/contract-hosts'
import { createLocalExec } from '@/server/exec/local'
import { MiB } from '@/server/model/size'
import { tinyOn } from './fixture-contract'
import { tinyImage } from './fixture-tiny'
import { libvirt } from './index'

contract('libvirt', async () => tinyOn(await thisMachine(), 'lv-contract'))

test('a running VM gives memory back and gets it again, without a restart', async () => {
  const exec = createLocalExec({})
  const store = await mkdtemp(join(tmpdir(), 'lv-balloon-'))
  await exec.run(['chmod', '0711', store])
  const image = await tinyImage(exec, process.env.BAILIWICK_TEST_STORE ?? store)
  const host = { id: 'local', name: 'test', transport: 'local', libvirtUri: 'qemu:///system' } as const
  const context = { exec, images: () => [image], guestsDir: join(store, 'guests'), become: 'none' } as const
  const signal = () => AbortSignal.timeout(120_000)
  const status = await libvirt.probe(host, context, signal())
  if (status.state !== 'ready') throw new Error(status.cause)
  const engine = libvirt.open(host, context, status.info)
  const name = 'lv-balloon'
  const common = { type: 'vm', name, image: image.id, iso: null, arch: 'x86_64', cpus: 1, diskBytes: null, access: null } as const
  const steps = async (memoryBytes: number) =>
    (await engine.plan({ kind: 'set', name, memoryBytes }, signal())).steps.flatMap((step) =>
      'argv' in step ? [step.argv.slice(4).join(' ')] : [],
    )
  try {
    await carryOut(engine, exec, {
      kind: 'create',
      spec: { ...common, memoryBytes: 384 * MiB, network: null, autostart: false, start: true },
    })
    const shell = openTestConsole(exec, await engine.console(name, 'serial', signal()))
    const prod = setInterval(() => shell.type('\r'), 500)
    await shell.until(/tiny:~# |[^\n]# $/, 60_000).finally(() => clearInterval(prod))
    const total = async () => {
      shell.type('grep MemTotal /proc/meminfo; echo "end-$((6*7))"\r')
      const [, kib] = await shell.until(/MemTotal: +(\d+) kB[\s\S]*?end-42/, 30_000)
      return Number(kib) * 1024
    }
    const before = await total()
    await vi.waitFor(async () => expect(await steps(256 * MiB)).toContainEqual(expect.stringMatching(/setmem .*--live$/)), 30_000)
    await carryOut(engine, exec, { kind: 'set', name, memoryBytes: 256 * MiB })
    expect(await engine.get(name, signal())).toMatchObject({ state: 'running', memoryBytes: 256 * MiB })
    expect(before - (await total())).toBeGreaterThan(120 * MiB)
    await carryOut(engine, exec, { kind: 'set', name, memoryBytes: 384 * MiB })
    expect(await total()).toBe(before)
    await shell.close()
  } finally {
    for (const kind of ['kill', 'remove'] as const)
      await carryOut(engine, exec, kind === 'remove' ? { kind, name, disks: true } : { kind, name })
    await rm(store, { recursive: true, force: true })
    await exec.close()
  }
})

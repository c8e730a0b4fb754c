import { describe, expect, test } from 'vitest'
import { ExecError } from '@/server/exec/error'
import { engine, probe, type Replies, recorded, signal, transcript } from './fixture-replay'

describe('probe', () => {
  test('tells version, storage, and why there are no VMs', async () => {
    expect(await probe(recorded)).toMatchObject({
      state: 'ready',
      info: {
        name: 'Incus',
        version: '6.0.4',
        guestTypes: { container: true, vm: 'Incus runs no VMs here: vhost_vsock kernel module not loaded' },
        operations: { create: true },
      },
    })
  })
  test('VMs where the daemon has its qemu driver', async () => {
    const withVms: Replies = (argv) =>
      argv[2] === '/1.0' ? transcript('server.json').replace('"driver": "lxc"', '"driver": "lxc | qemu"') : recorded(argv)
    expect(await probe(withVms)).toMatchObject({ info: { guestTypes: { container: true, vm: true } } })
  })
  test('without a pool nothing can be created, and the remedy is named', async () => {
    const bare: Replies = (argv) => (argv[2]?.startsWith('/1.0/storage-pools') ? '[]' : recorded(argv))
    expect(await probe(bare)).toMatchObject({ info: { operations: { create: expect.stringContaining('incus admin init --minimal') } } })
  })
  test('without a network and a card in the default profile it says so, with the command', async () => {
    const cut =
      (networks: string, devices: object): Replies =>
      (argv) =>
        argv[2]?.startsWith('/1.0/networks')
          ? networks
          : argv[2] === '/1.0/profiles/default'
            ? JSON.stringify({ ...JSON.parse(transcript('profile-default.json')), devices })
            : recorded(argv)
    expect(await probe(cut('[]', {}))).toMatchObject({
      state: 'ready',
      info: {
        noNetwork: {
          words: expect.stringContaining('no network'),
          remedy: expect.stringMatching(
            /^incus network create incusbr0 ipv4\.address=10\.93\.0\.1\/24 ipv4\.nat=true ipv6\.address=none && /,
          ),
        },
      },
    })
    // Somebody's own bridge, and a network that the profile does not use, are no lack.
    for (const reply of [cut('[]', { eth0: { type: 'nic', parent: 'br0' } }), cut(transcript('networks.json'), {}), recorded])
      expect(await probe(reply)).not.toHaveProperty('info.noNetwork')
  })
  test('LXD by its own program', async () => {
    const lxd: Replies = (argv) => {
      if (argv[0] === 'incus') return new ExecError('incus is not installed on this host', { reason: 'missing', argv })
      return argv[2] === '/1.0'
        ? transcript('server.json').replace('"server": "incus"', '"server": "lxd"')
        : recorded(['incus', ...argv.slice(1)])
    }
    expect(await probe(lxd)).toMatchObject({ info: { name: 'LXD' } })
    const step = (await (await engine(lxd)).plan({ kind: 'snapshot.create', name: 'ic-web', snapshot: 's2' }, signal)).steps[0]
    expect(step).toMatchObject({ argv: ['lxc', 'snapshot', 'ic-web', 's2'], undo: ['lxc', 'delete', 'ic-web/s2'] })
  })
  test('absent, switched off, not running, not allowed', async () => {
    const missing: Replies = (argv) => new ExecError('not installed', { reason: 'missing', argv })
    expect(await probe(missing)).toMatchObject({ state: 'absent', remedy: 'sudo apt install incus' })
    const osRelease = 'ID=debian\nVERSION_CODENAME=bookworm\n'
    expect(await probe(missing, {}, { osRelease })).toMatchObject({ remedy: expect.stringContaining('incus-base/bookworm-backports') })
    expect(await probe(recorded, { incusDir: '' })).toMatchObject({ state: 'absent', cause: 'Switched off for this host' })
    // Both sentences as incus 6.0.4 says them.
    const failing =
      (words: string): Replies =>
      (argv) =>
        argv[0] === 'id' ? 'anna\n' : argv[0] === 'lxc' ? missing(argv) : new ExecError(words, { reason: 'exit', argv })
    const down = failing(`Error: The incus daemon doesn't appear to be started (socket path: /var/lib/incus/unix.socket)`)
    expect(await probe(down)).toMatchObject({
      state: 'broken',
      cause: 'The Incus daemon is not running',
      remedy: expect.stringContaining('incusd'),
    })
    expect(await probe(down, {}, { files: ['/run/systemd/system'] })).toMatchObject({ remedy: 'sudo systemctl start incus' })
    const denied = failing(
      `Error: You don't have the needed permissions to talk to the incus daemon (socket path: /var/lib/incus/unix.socket)`,
    )
    expect(await probe(denied)).toMatchObject({ state: 'broken', remedy: 'sudo usermod -aG incus-admin anna' })
  })
})

import { describe, expect, it } from 'vitest'
import { readEnv } from './env'

describe('the environment', () => {
  it('has defaults for everything', () => {
    const env = readEnv({ BAILIWICK_HOST_SETUP: '0' })
    expect(env).toMatchObject({ host: '127.0.0.1', port: 3000, libvirtUri: 'qemu:///system', trustProxy: false, hostShell: true })
    expect(env.consoles).toEqual({ ringBytes: 4 * 1024 ** 2, keptBytes: 1024 ** 3, idleMs: 1_800_000, sessions: 400, viewers: 50 })
    expect(env.data).toBe(`${env.project}/.bailiwick`)
    expect(env.store).toBe(`${env.data}/store`)
  })

  it('takes what is given; paths count from the project, and an empty Incus folder switches Incus off', () => {
    const env = readEnv({
      BAILIWICK_DATA: 'data',
      BAILIWICK_STORE: '/srv/store',
      PORT: '0',
      BAILIWICK_INCUS_DIR: '',
      BAILIWICK_CBSD_WORKDIR: '/usr/jails',
      BAILIWICK_PATH: '/opt/bin:/opt/sbin',
      BAILIWICK_HOST_SHELL: 'off',
      BAILIWICK_ORIGIN: 'https://vms.example.org/',
    })
    expect(env).toMatchObject({
      data: `${env.project}/data`,
      store: '/srv/store',
      port: 0,
      incusDir: '',
      cbsdWorkdir: '/usr/jails',
      path: '/opt/bin:/opt/sbin',
      hostShell: false,
      origin: 'https://vms.example.org',
    })
  })

  it.each([
    [{ PORT: 'x' }, 'PORT must be a number'],
    [{ PORT: '70000' }, 'PORT must be at most 65535'],
    [{ BAILIWICK_HOST_SHELL: '0' }, 'BAILIWICK_HOST_SHELL must be on or off'],
    [{ BAILIWICK_CONSOLE_MIB: '0' }, 'BAILIWICK_CONSOLE_MIB must be at least 1'],
    [{ BAILIWICK_CONSOLE_VIEWERS: '1e9' }, 'BAILIWICK_CONSOLE_VIEWERS must be at most 1000'],
    [{ HOST: 'a b' }, 'HOST must be a host name or an address'],
    [{ BAILIWICK_PATH: 'bin:/opt' }, 'BAILIWICK_PATH must be absolute folders'],
    [{ BAILIWICK_HOST_SETUP: 'yes' }, 'BAILIWICK_HOST_SETUP must be 0 or 1'],
    [{ BAILIWICK_ORIGIN: 'vms' }, 'BAILIWICK_ORIGIN must be an http or https address'],
    [{ PORT: '-1', BAILIWICK_TRUST_PROXY: '2' }, /^PORT .*; BAILIWICK_TRUST_PROXY must be 0 or 1$/],
  ])('%j is refused by name', (given, words) => {
    expect(() => readEnv(given)).toThrow(words)
  })
})

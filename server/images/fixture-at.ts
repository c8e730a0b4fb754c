import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { User } from '@/server/services'
import { type Bench, createBench } from './fixture-images'

export const anna: User = { id: 'u-anna', name: 'anna', role: 'admin' }
export const bert: User = { id: 'u-bert', name: 'bert', role: 'admin' }

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** For tests: before each, an image service of its own in a folder of its own; after each, both are gone. */
export function imageService() {
  const servers: Server[] = []
  let folder = ''
  let bench: Bench
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'bailiwick-images-'))
    bench = createBench(folder)
  })
  afterEach(async () => {
    await bench.close()
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
    await rm(folder, { recursive: true, force: true })
  })
  return {
    get folder() {
      return folder
    },
    get bench() {
      return bench
    },
    /** The service of before has ended; one as after a restart, with the same folder. */
    async restart(): Promise<void> {
      await bench.close()
      bench = createBench(folder)
    },
    /** A web server on loopback; its address. */
    async serve(listener: RequestListener): Promise<string> {
      const server = createServer(listener)
      servers.push(server)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const address = server.address()
      if (address === null || typeof address === 'string') throw new Error('No port is free')
      return `http://127.0.0.1:${address.port}`
    },
    /** A disk of 4 MiB, as qemu-img makes it. */
    async qcow2(name: string, ...more: string[]): Promise<Buffer> {
      const path = join(folder, name)
      await bench.exec.read(['qemu-img', 'create', '-q', '-f', 'qcow2', ...more, path, '4M'])
      return readFile(path)
    },
    /** What lies in the store. */
    left: (): Promise<string[]> => readdir(join(folder, 'store', 'images')).catch(() => []),
  }
}

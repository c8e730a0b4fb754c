import { once } from 'node:events'
import { lstat, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { failure, onEachHost } from './fixtures/hosts'

onEachHost((host) => {
  describe('files and sockets', () => {
    it('writes a file whole, with its mode, and replaces a link instead of following it', async () => {
      const path = join(host.folder, 'file')
      await host.exec.writeFile(path, 0o640, 'content')
      expect(await readFile(path, 'utf8')).toBe('content')
      expect((await stat(path)).mode & 0o777).toBe(0o640)
      expect(await host.exec.readDir(host.folder)).not.toContainEqual(expect.stringMatching(/\.part$/))
    })
    it('reads a part, the end, and files whose size is said to be 0', async () => {
      const path = join(host.folder, 'part')
      await writeFile(path, '0123456789')
      const text = async (options: { offset?: number; maxBytes?: number }) =>
        Buffer.from(await host.exec.readFile(path, options)).toString()
      expect(await text({ offset: 2, maxBytes: 3 })).toBe('234')
      expect(await text({ offset: -4 })).toBe('6789')
      expect(await text({ offset: -40 })).toBe('0123456789')
      expect(Buffer.from(await host.exec.readFile('/proc/stat')).toString()).toContain('cpu ')
    })
    it('says in words what is missing', async () => {
      expect((await failure(host.exec.readFile(join(host.folder, 'none')))).message).toContain('it does not exist')
      expect(await host.exec.stat(join(host.folder, 'none'))).toBeNull()
      expect(await host.exec.readDir(join(host.folder, 'none'))).toEqual([])
      expect((await failure(host.exec.connect({ kind: 'unix', path: join(host.folder, 'none') }))).message).toContain(
        'there is no such socket',
      )
    })
    it('writes over a link to a folder, and not into it', async () => {
      const target = join(host.folder, 'target')
      const link = join(host.folder, 'link')
      await mkdir(target, { recursive: true })
      await symlink(target, link)
      await host.exec.writeFile(link, 0o400, 'äöü\n')
      expect(await readFile(link, 'utf8')).toBe('äöü\n')
      expect((await lstat(link)).mode & 0o777).toBe(0o400)
      expect(await host.exec.readDir(target)).toEqual([])
      expect((await failure(host.exec.writeFile(target, 0o600, 'x'))).message).toBe(`Cannot write ${target}: it is a folder`)
      expect((await failure(host.exec.writeFile(join(target, 'none', 'x'), 0o600, 'x'))).message).toContain('it does not exist')
      expect(await host.exec.readDir(target)).toEqual([])
    })
    it('reads bytes that are no text, and says what is no file', async () => {
      const path = join(host.folder, 'bytes')
      const bytes = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 13) % 256))
      await writeFile(path, bytes)
      expect(bytes.equals(await host.exec.readFile(path))).toBe(true)
      expect(bytes.subarray(1000, 2000).equals(await host.exec.readFile(path, { offset: 1000, maxBytes: 1000 }))).toBe(true)
      expect((await host.exec.readFile(path, { offset: 80_000 })).length).toBe(0)
      expect((await failure(host.exec.readFile(host.folder))).message).toBe(`Cannot read ${host.folder}: it is a folder`)
    })
    it('tells size, time and kind, and the names in a folder', async () => {
      const inside = join(host.folder, 'names')
      const names = ['.hidden', '-dash', 'with space', 'with\nnewline', "quo'te", 'ü']
      await mkdir(inside)
      for (const name of names) await writeFile(join(inside, name), 'x'.repeat(10))
      expect((await host.exec.readDir(inside)).sort()).toEqual([...names].sort())
      expect(await host.exec.readDir(join(inside, 'ü'))).toEqual([])
      const found = await host.exec.stat(join(inside, 'with\nnewline'))
      expect(found).toMatchObject({ size: 10, isDirectory: false })
      expect(Math.abs((found?.mtimeMs ?? 0) - (await stat(join(inside, 'with\nnewline'))).mtimeMs)).toBeLessThan(2)
      expect(await host.exec.stat(inside)).toMatchObject({ isDirectory: true })
      expect(await host.exec.stat(join(inside, 'ü', 'x'))).toBeNull()
    })
    it('connects to a TCP port, both ways and as much as there is', async () => {
      const server = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
      await once(server, 'listening')
      const address = server.address()
      const port = typeof address === 'object' ? (address?.port ?? 0) : 0
      const socket = await host.exec.connect({ kind: 'tcp', host: '127.0.0.1', port })
      const sent = Buffer.alloc(5_000_000, 'bytes')
      const pieces: Buffer[] = []
      socket.on('data', (piece: Buffer) => pieces.push(piece))
      socket.write(sent)
      await expect.poll(() => Buffer.concat(pieces).length, { timeout: 10_000 }).toBe(sent.length)
      expect(Buffer.concat(pieces).equals(sent)).toBe(true)
      const ended = once(server, 'close')
      socket.destroy()
      server.close()
      await ended
      const error = await failure(host.exec.connect({ kind: 'tcp', host: '127.0.0.1', port }))
      expect(error).toMatchObject({ message: `Cannot connect to 127.0.0.1:${port}: nothing listens there`, reason: 'connect' })
    })
    it('tells when the other end of a socket closes', async () => {
      const path = join(host.folder, 'closing')
      const server = createServer((socket) => socket.end('bye')).listen(path)
      const socket = await host.exec.connect({ kind: 'unix', path })
      const text = (await socket.toArray()).join('')
      expect(text).toBe('bye')
      server.close()
    })
    it('connects to a Unix socket', async () => {
      const path = join(host.folder, 'socket')
      const server = createServer((socket) => socket.pipe(socket)).listen(path)
      const socket = await host.exec.connect({ kind: 'unix', path })
      const back = new Promise<string>((resolve) => socket.once('data', (bytes: Buffer) => resolve(bytes.toString())))
      socket.write('hello')
      expect(await back).toBe('hello')
      socket.destroy()
      server.close()
    })
  })
})

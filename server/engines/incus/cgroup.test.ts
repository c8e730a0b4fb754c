import { expect, it } from 'vitest'
import type { Exec } from '@/server/exec/types'
import { manyCgroupFigures } from './cgroup'

it('reads the control groups of many containers in one command, of either version', async () => {
  const commands: string[] = []
  const root = '/sys/fs/cgroup'
  const said = [
    `==> ${root}/lxc.payload.web/io.stat <==\n8:0 rbytes=100 wbytes=20 rios=1\n`,
    `==> ${root}/lxc.payload.web/memory.stat <==\nanon 1\nfile 4096\n`,
    `==> ${root}/blkio/lxc.payload.old/blkio.throttle.io_service_bytes_recursive <==\n8:0 Read 7\n8:0 Write 8\n`,
    `==> ${root}/memory/lxc.payload.old/memory.stat <==\ntotal_cache 512\n`,
    '==> /dev/null <==\n',
  ].join('\n')
  const exec: Pick<Exec, 'run'> = {
    run: async (argv) => {
      commands.push(argv[0])
      return { argv, code: 1, stdout: said, stderr: '', truncated: false, seconds: 0 }
    },
  }
  const found = await manyCgroupFigures(exec, ['web', 'gone', 'old'])
  expect(commands).toEqual(['tail'])
  expect(found.get('web')).toEqual({ diskReadBytes: 100, diskWriteBytes: 20, memoryCacheBytes: 4096 })
  expect(found.get('old')).toEqual({ diskReadBytes: 7, diskWriteBytes: 8, memoryCacheBytes: 512 })
  expect(found.get('gone')).toEqual({ memoryCacheBytes: undefined })
  expect(await manyCgroupFigures(exec, [])).toEqual(new Map())
})

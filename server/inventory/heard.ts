import type { Exec } from '@/server/exec/types'

/** The same door to a host; `heard` is called whenever something came back through it. */
export function withHeard(exec: Exec, heard: () => void): Exec {
  const told = async <T>(work: Promise<T>): Promise<T> => {
    const answer = await work
    heard()
    return answer
  }
  return {
    async run(argv, options) {
      const result = await exec.run(argv, options)
      // One that was ended from here says nothing of the host.
      if (result.code !== null) heard()
      return result
    },
    read: (argv, options) => told(exec.read(argv, options)),
    lines: (argv, options) => exec.lines(argv, options),
    stream: (argv, options) => exec.stream(argv, options),
    pty: (argv, options) => exec.pty(argv, options),
    connect: (target) => exec.connect(target),
    writeFile: (path, mode, content) => told(exec.writeFile(path, mode, content)),
    readFile: (path, options) => told(exec.readFile(path, options)),
    follow: (path, options, onData) => exec.follow(path, options, onData),
    stat: (path) => told(exec.stat(path)),
    readDir: (path) => told(exec.readDir(path)),
    close: () => exec.close(),
  }
}

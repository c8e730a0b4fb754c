import { buildServices } from './build-services'
import { readEnv } from './env'
import { AppError } from './errors'
import { createHttp } from './http'
import { createPages } from './http-pages'
import { createLog } from './log'
import { createStop } from './stop'

const dev = process.argv.includes('--dev')
// Before anything loads Next or React: they choose by it what they are.
Object.assign(process.env, { NODE_ENV: dev ? 'development' : 'production', NEXT_TELEMETRY_DISABLED: '1' })

/** Words for a person on the terminal; the log is for the rest. */
const say = (text: string) => void process.stdout.write(`${text}\n`)

async function start(): Promise<void> {
  const env = readEnv()
  const log = createLog(env.logLevel)
  process.on('unhandledRejection', (error) => log.error({ error }, 'a promise was rejected and nobody listened'))

  const [running, pages] = await Promise.all([
    buildServices(env, log),
    createPages({ dir: env.project, dev, host: env.host, port: env.port, log }),
  ])
  const http = createHttp({ services: running.services, pages, rules: env, log, dev, onWatched: running.setWatched })

  const stop = createStop({
    async close() {
      const doorClosed = http.close(1500)
      await Promise.all([doorClosed, running.close('The server stops', doorClosed)])
      await pages.close()
    },
    jobs: running.services.jobs,
    say,
    exit: (code) => process.exit(code),
    onError: (error) => log.error({ error }, 'not everything ended cleanly'),
  })
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  const address = await http.listen(env.port, env.host)
  say(`Bailiwick serves at ${address}`)
  if (await running.services.access.needsSetup())
    say(`Set-up link: ${address}/setup?token=${await running.services.access.setupToken()}\nIt works once and makes you the administrator.`)
  void running.prepare()
}

start().catch((error: unknown) => {
  process.stderr.write(
    `Bailiwick cannot start: ${error instanceof AppError ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
  )
  process.exit(1)
})

#!/usr/bin/env node
// For tests: a virsh that knows `qemu-agent-command` only, and hands it to the real qemu-ga at the socket in AGENT_SOCKET.
import { connect } from 'node:net'

const command = process.argv[process.argv.indexOf('--cmd') + 1] ?? ''
const socket = connect(process.env.AGENT_SOCKET ?? '')
let text = ''
socket.setEncoding('utf8')
socket.on('data', (piece) => {
  text += piece
  if (!text.endsWith('\n')) return
  socket.end()
  const answer = JSON.parse(text)
  if (!answer.error)
    return process.stdout.write(
      process.env.AGENT_SPACED ? `${JSON.stringify(answer, null, 1).replaceAll('\n', ' ').replaceAll('/', '\\/')}\n` : text,
    )
  process.stderr.write(
    `error: internal error: unable to execute QEMU agent command '${JSON.parse(command).execute}': ${answer.error.desc}\n`,
  )
  process.exitCode = 1
})
socket.on('error', (error) => {
  process.stderr.write(`error: Guest agent is not responding: ${error.message}\n`)
  process.exitCode = 1
})
socket.write(`${command}\n`)

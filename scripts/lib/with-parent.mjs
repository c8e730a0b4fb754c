// Loaded into the server before its own code: when `npm start` is gone, however it went, the server ends in order.
// Its standard input is a pipe that nobody writes to; the end of the pipe is the end of the parent.
process.stdin.on('end', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.on('error', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
process.stdin.unref?.()

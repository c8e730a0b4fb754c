// node --import tsx bench/proof/main.ts [MEGABYTES [CUTS [RESTARTS [SEED [doubles]]]]]: prints one line of JSON, and fails when
// a byte was lost or came twice.
import { prove } from './prove'

const [megabytes = 50, cuts = 200, restarts = 5, seed = 1] = process.argv.slice(2, 6).map(Number)
const proof = await prove({ bytes: megabytes * 1e6, cuts, restarts, seed, doubles: process.argv[6] === 'doubles' })
process.stdout.write(`${JSON.stringify(proof)}\n`)
if (!proof.equal) process.exitCode = 1

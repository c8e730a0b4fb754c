import { expect, it } from 'vitest'
import { prove } from './prove'

const kept = (restarts: { ended: number; killed: number }) => ({
  equal: true,
  firstDifference: null,
  restartsSeen: 0,
  lostTold: 0,
  ...restarts,
})

// In full (50 MB, 200 cuts, 5 restarts): node --import tsx bench/proof/main.ts
it('shows every byte of a guest once, through 40 cuts, a server that ended and two that were killed', async () => {
  const bytes = 6_000_000
  const proof = await prove({ seed: 20261122, bytes, cuts: 40, restarts: 3 })
  expect(proof).toMatchObject({ sent: bytes, seen: bytes, cuts: 40, ...kept({ ended: 1, killed: 2 }) })
}, 180_000)

it('shows no byte twice that the log of a guest has twice because its terminal was full', async () => {
  const bytes = 3_000_000
  const proof = await prove({ seed: 4, bytes, cuts: 5, restarts: 0, doubles: true })
  expect(proof).toMatchObject({ sent: bytes, seen: bytes, cuts: 5, ...kept({ ended: 0, killed: 0 }) })
}, 120_000)

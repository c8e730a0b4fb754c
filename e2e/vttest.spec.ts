import { importBusybox } from '@/server/engines/incus/fixture-image'
import { createLocalExec } from '@/server/exec/local'
import { expect, test } from './fixtures'
import { guestPath } from './helpers/guests'
import { hostCommand, incus } from './helpers/host'
import { expectTerminal, terminalText, typeInTerminal } from './helpers/terminal'

const exec = createLocalExec({})
const image = 'e2e-vttest'
let removeImage = async () => {}
test.beforeAll(async () => {
  removeImage = await importBusybox(exec, image)
})
test.afterAll(async () => {
  await removeImage()
  await exec.close()
})

/** The libraries that a program of this machine is linked with, its loader among them. */
const librariesOf = async (program: string): Promise<string[]> =>
  [...(await hostCommand(['ldd', program])).matchAll(/(\/\S+) \(0x/g)].map(([, path = '']) => path)

test('vttest, run in a container, sees a terminal of its own size in the page', async ({ page, guestName }) => {
  const name = guestName('vttest')
  await incus('launch', image, name)
  for (const file of ['/usr/bin/vttest', ...(await librariesOf('/usr/bin/vttest'))])
    await incus('file', 'push', '--create-dirs', file, `${name}${file}`)
  let said = ''
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      if (typeof payload !== 'string') said += payload.toString('latin1')
    }),
  )
  await page.goto(`${guestPath('incus', name, 'console')}?kind=shell`)
  await expectTerminal(page, /# *$/)
  await typeInTerminal(page, 'clear; set -- $(busybox stty size); echo "size $1 $2 end"')
  const told = /^size (\d+) (\d+) end$/m
  await expectTerminal(page, told)
  const [, rows = 0, cols = 0] = (told.exec(await terminalText(page)) ?? []).map(Number)

  const menu = /Enter choice number \(0 - 12\):$/
  const pushes = () => said.split('Push <RETURN>').length
  /** Goes on once, waits until it asks to go on again, and returns the screen with its blanks. */
  async function next(wanted: RegExp, answer = ''): Promise<string[]> {
    const before = pushes()
    await typeInTerminal(page, answer)
    // Some screens are like the one before them.
    await expect.poll(pushes).toBe(before + 1)
    await expectTerminal(page, wanted, 30_000)
    return (await terminalText(page)).split('\n').map((line) => line.padEnd(cols))
  }

  await typeInTerminal(page, `vttest \${1}x$2.$2`)
  await expectTerminal(page, menu)
  await test.step('it moves the cursor to the very edges, and wraps there', async () => {
    const [stars, pluses] = ['*'.repeat(cols), `*${'+'.repeat(cols - 2)}*`]
    const frame = await next(/free position around it\. {4}Push <RETURN>/, '1')
    expect([frame[0], frame[1], frame[rows - 2], frame[rows - 1]]).toEqual([stars, pluses, pluses, stars])
    for (const line of frame.slice(2, -2)) expect([line.slice(0, 2), line.slice(-2)]).toEqual(['*+', '+*'])
    expect(frame.filter((line) => line === `*+${' '.repeat(cols - 4)}+*`).length).toBeGreaterThan(rows / 3)
    // The second round is of 132 columns elsewhere, and the same here.
    await next(/free position around it/)
    for (const _ of ['first', 'second']) {
      const margins = await next(new RegExp(`^Z {${cols - 2}}z\\n\\s*\\nPush <RETURN>`, 'm'))
      const letters = [...'IJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}${' '.repeat(cols - 2)}${letter.toLowerCase()}`)
      expect(margins).toEqual(expect.arrayContaining(letters))
    }
    const inside = await next(/Below should be four identical lines:[\s\S]*Push <RETURN>$/)
    expect(inside.filter((line) => line === 'A B C D E F G H I'.padEnd(cols))).toHaveLength(4)
    await next(/^This is a correct sentence$[\s\S]*Push <RETURN>$/m)
    await typeInTerminal(page, '')
    await expectTerminal(page, menu)
  })

  await test.step('it wraps only where it is told to, and its tabs are where it sets them', async () => {
    const wrapped = await next(/Test of WRAP AROUND mode setting\.\)[\s\S]*Push <RETURN>$/, '2')
    expect(wrapped.slice(0, 4)).toEqual([...Array<string>(3).fill('*'.repeat(cols)), ' '.repeat(cols)])
    const tabs = await next(/should look the same\. Push <RETURN>$/)
    // Set in every sixth column; the one behind the last of them is the edge, as on any terminal.
    const [byTabs = '', byBlanks = ''] = tabs.map((line) => line.slice(0, cols - 6))
    expect(byTabs).toMatch(/^ {6}(\* {5}){10,}/)
    expect(byTabs).toBe(byBlanks)
  })
})

import { createHash } from 'node:crypto'
import type { Page } from '@playwright/test'

export type Look = {
  /** How many different colours it has. */
  colours: number
  /** How many pixels are brighter than middle grey. */
  lit: number
  /** The same for equal pictures only. */
  sign: string
}

/** What is on a screenshot. `eye`: an empty page, whose browser decodes it. */
export async function look(eye: Page, png: Buffer): Promise<Look> {
  const counted = await eye.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    if (!context) throw new Error('This browser draws nothing')
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const colours = new Set<number>()
    let lit = 0
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3)
      colours.add((red << 16) | (green << 8) | blue)
      if (red + green + blue > 384) lit++
    }
    return { colours: colours.size, lit }
  }, png.toString('base64'))
  return { ...counted, sign: createHash('sha256').update(png).digest('hex') }
}

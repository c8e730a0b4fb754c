/** Waits that can be cut short. */
export type Naps = { nap(ms: number): Promise<void>; wake(): void }

export function createNaps(): Naps {
  let wake = () => {}
  return {
    nap: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms)
        timer.unref()
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      }),
    wake: () => wake(),
  }
}

/** 0.5 s, 1 s, 2 s … up to `most`. */
export const backOff = (failures: number, most: number): number => Math.min(most, 500 * 2 ** Math.max(0, failures - 1))

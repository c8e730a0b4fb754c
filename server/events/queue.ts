/** An async iterable of what `connect` pushes, until the signal aborts. Nothing pushed between two reads is lost. */
export function queue<T>(signal: AbortSignal | undefined, connect: (push: (item: T) => void) => () => void): AsyncIterable<T> {
  const items: T[] = []
  let wake = () => {}
  const disconnect = connect((item) => {
    items.push(item)
    wake()
  })
  signal?.addEventListener('abort', () => wake(), { once: true })
  return {
    async *[Symbol.asyncIterator]() {
      try {
        while (!signal?.aborted) {
          const item = items.shift()
          if (item !== undefined) yield item
          else
            await new Promise<void>((resolve) => {
              wake = resolve
              if (signal?.aborted) resolve()
            })
        }
      } finally {
        disconnect()
      }
    },
  }
}

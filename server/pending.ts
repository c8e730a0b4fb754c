import { AppError } from './errors'
import type { Hosts, Services } from './services'

/** What has not landed yet; goes when it has. */
export function pending(_hosts: Hosts): Pick<Services, 'inventory' | 'metrics' | 'images' | 'accelerator'> {
  const missing = (): never => {
    throw new AppError('unavailable', 'This part of the server is not built yet')
  }
  const done = async () => {}
  return {
    inventory: {
      hosts: () => [],
      host: () => undefined,
      guests: () => [],
      guest: () => undefined,
      engine: missing,
      exec: missing,
      refresh: async () => null,
      refreshHost: done,
      setBusy: () => {},
      addHost: done,
      updateHost: done,
      removeHost: done,
      close: done,
    },
    metrics: {
      latest: () => ({ at: Date.now(), rows: [] }),
      subscribe: () => () => {},
      recent: () => [],
      hostFigures: () => null,
      close: done,
    },
    images: { list: () => [], request: missing, preview: missing, openUpload: missing, handleUpload: missing, refresh: done, close: done },
    accelerator: { test: missing },
  }
}

import { AppError } from './errors'
import type { Services } from './services'

/** What has not landed yet; goes when it has. */
export function pending(): Pick<Services, 'images' | 'accelerator'> {
  const missing = (): never => {
    throw new AppError('unavailable', 'This part of the server is not built yet')
  }
  const done = async () => {}
  return {
    images: { list: () => [], request: missing, preview: missing, openUpload: missing, handleUpload: missing, refresh: done, close: done },
    accelerator: { test: missing },
  }
}

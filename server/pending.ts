import { AppError } from './errors'
import type { Services } from './services'

/** What has not landed yet; goes when it has. */
export function pending(): Pick<Services, 'accelerator'> {
  const missing = (): never => {
    throw new AppError('unavailable', 'This part of the server is not built yet')
  }
  return {
    accelerator: { test: missing },
  }
}

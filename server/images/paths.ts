import { posix } from 'node:path'

export type ImagePaths = {
  /** Folder of all images. */
  images: string
  /** The finished image. */
  folder: string
  /** Where it is made; renamed to `folder` by the last step, so that a half image is never seen. */
  part: string
}

/** Where the image `id` lives in a store. `id` has been checked against `imageId` or made by this server. */
export function imagePaths(storeDir: string, id: string): ImagePaths {
  const images = posix.join(storeDir, 'images')
  return { images, folder: posix.join(images, id), part: posix.join(images, `${id}.part`) }
}

/** Folders that a finished image never has: dots are allowed in ids, so `x.part` could be one. */
export const isPart = (name: string): boolean => name.endsWith('.part')

import { z } from 'zod'

/** No NUL, no line break, no half of a surrogate pair. */
const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\0\n\r\p{Cs}]*$/u, 'It may not hold a line break')

/** Joins what is left of a path without empty and `.` parts: "/a//b/./c/" is "/a/b/c". */
const normalised = (path: string): string =>
  `/${path
    .split('/')
    .filter((part) => part !== '' && part !== '.')
    .join('/')}`

/** An absolute path in a guest. It is given to the guest's own commands as one argument and never put into a path of the host. */
export const guestPathInput = text(4096)
  .regex(/^\//, 'The path must begin with /, the root folder')
  .refine((path) => !path.split('/').includes('..'), 'The path may not go up by “..”: give the whole way from the root folder')
  .transform(normalised)

/** The name of one file in a folder. */
export const fileNameInput = text(255)
  .refine((name) => !name.includes('/'), 'A file name may not hold /')
  .refine((name) => name !== '.' && name !== '..', 'That is no name of a file')
  .refine((name) => new TextEncoder().encode(name).length <= 255, 'At most 255 bytes')

import { TRPCClientError } from '@trpc/client'
import { expect, it } from 'vitest'
import { fieldErrors } from '@/components/trpc'
import { guestPathInput } from '@/server/model/file-input'
import { mayUpload } from './may-upload'

it('says in words why nothing can be uploaded into a folder that cannot be', () => {
  const issues = guestPathInput.safeParse('/srv/../etc').error?.issues ?? []
  const error = new TRPCClientError('path: refused', {
    result: {
      error: { code: -32600, message: 'path: refused', data: { fields: issues.map(({ message }) => ({ field: 'path', message })) } },
    },
  })
  const words = 'The path may not go up by “..”: give the whole way from the root folder'
  expect(fieldErrors(error)).toEqual({ path: words })
  expect(mayUpload(error, false)).toBe(`Nothing can be uploaded here. ${words}`)
})
it('waits for the folder, and names any other failure', () => {
  expect(mayUpload(null, false)).toBe('The folder is being read')
  expect(mayUpload(new Error('The guest did not answer'), true)).toContain('did not answer')
  expect(mayUpload(null, true)).toBe(true)
})

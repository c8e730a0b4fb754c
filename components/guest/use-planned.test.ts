import { TRPCClientError } from '@trpc/client'
import { describe, expect, it } from 'vitest'
import { marks } from './use-planned'

const refusal = (message: string, fields: Record<string, string>) =>
  new TRPCClientError(message, {
    result: { error: { data: { field: null, fields: Object.entries(fields).map(([field, text]) => ({ field, message: text })) } } },
  })

describe('what is said at an input', () => {
  it('is found by the name of the input, wherever the server says it stands', () => {
    const error = refusal('newName: no', { 'operation.newName': 'Must not end with -' })
    expect(marks(error, ['newName'])).toEqual({ errors: { newName: 'Must not end with -' }, all: true })
  })

  it('leaves something to say where a fault has no input', () => {
    const error = refusal('two', { 'operation.newName': 'bad', 'operation.name': 'gone' })
    expect(marks(error, ['newName'])).toEqual({ errors: { newName: 'bad' }, all: false })
    expect(marks(new Error('It is busy'), ['newName'])).toEqual({ errors: {}, all: false })
  })

  it('finds settings by their own names', () => {
    const error = refusal('one', { 'operation.settings.vm_vnc_port': 'a port' })
    expect(marks(error, ['settings.vm_vnc_port']).errors).toEqual({ 'settings.vm_vnc_port': 'a port' })
  })
})

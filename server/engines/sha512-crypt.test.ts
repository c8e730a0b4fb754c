import { expect, test } from 'vitest'
import { sha512Crypt } from './sha512-crypt'

// Made by `openssl passwd -6 -salt saltstring`.
test.each([
  ['Hello world!', '$6$saltstring$svn8UoSVapNtMuq1ukKS4tPQd8iKwSMHWjl/O817G3uBnIFNjnQJuesI68u4OTLiBFdcbYEdFCoEOfaS35inz1'],
  ['a', '$6$saltstring$MO53nAXQUKXVLlsbiXyPgMsR6q10N7eF7sPvanwdXnEeCj5kE3eYaRvFv0wVW1UZ4SnNTzc1v4OCOq1ASDQZY0'],
  [
    'kor"rekt päferd 1234567890 1234567890 1234567890 1234567890 1234567890',
    '$6$saltstring$uBdr1ZcHtr4ZFaUcyjcfvg/LoGctG3qrqx2VlOVTLzSOLdr4u3nDOAYaa4VDB5z4PuJoi6AeLF6IZC2.DMhFv0',
  ],
])('the hash of %j is what crypt(3) makes', (password, hash) => expect(sha512Crypt(password, 'saltstring')).toBe(hash))

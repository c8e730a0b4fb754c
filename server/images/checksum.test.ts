import { describe, expect, it } from 'vitest'
import { findChecksum, parseDigest } from './checksum'

const a = 'a'.repeat(64)
const b = 'B'.repeat(64)
const c = 'c'.repeat(128)

describe('findChecksum', () => {
  it('reads coreutils lines, text and binary, with folders before the name', () => {
    const text = `${a}  other.img\n${b} *./cloud/noble.img\n`
    expect(findChecksum(text, 'noble.img')).toEqual({ algorithm: 'sha256', hex: b.toLowerCase() })
    expect(findChecksum(text, 'other.img')?.hex).toBe(a)
  })
  it('reads BSD lines inside a signed message', () => {
    const text = `-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n# Fedora.qcow2: 1 bytes\nSHA256 (Fedora.qcow2) = ${a}\n-----BEGIN PGP SIGNATURE-----\n`
    expect(findChecksum(text, 'Fedora.qcow2')).toEqual({ algorithm: 'sha256', hex: a })
  })
  it('takes a lone digest, and only when it is alone', () => {
    expect(findChecksum(`${c}\n`, 'x.qcow2')).toEqual({ algorithm: 'sha512', hex: c })
    expect(findChecksum(`${a}\n${c}\n`, 'x.qcow2')).toBeNull()
  })
  it('prefers SHA-512 where both are given and passes over weaker ones', () => {
    expect(findChecksum(`MD5 (x) = ${'d'.repeat(32)}\nSHA256 (x) = ${a}\nSHA512 (x) = ${c}\n`, 'x')?.algorithm).toBe('sha512')
  })
  it('never takes the digest of another name, nor one of two that differ', () => {
    expect(findChecksum(`${a}  x.img.sig\n`, 'x.img')).toBeNull()
    expect(findChecksum(`${a}  my-x.img\n`, 'x.img')).toBeNull()
    expect(findChecksum(`${a}  x\n${b}  x\n`, 'x')).toBeNull()
  })
  it('refuses a digest of odd length', () => expect(findChecksum(`${a}0  x\n`, 'x')).toBeNull())
})

describe('parseDigest', () => {
  it('takes what it says it is', () => expect(parseDigest(`SHA256:${b}`)).toEqual({ algorithm: 'sha256', hex: b.toLowerCase() }))
  it('refuses a length that is not its kind', () => expect(parseDigest(`sha512:${a}`)).toBeNull())
})

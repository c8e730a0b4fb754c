import { randomBytes } from 'node:crypto'

/** Bytes that mean nothing to any shell, wherever they stand in a word. The underscore marks the others. */
const plain = /^[A-Za-z0-9.,:/-]$/

/** Text of which nothing but `A-Za-z0-9.,:/-_` is left: any other byte is `_` and its three octal digits. */
export function encodeText(text: string): string {
  let word = ''
  for (const byte of Buffer.from(text)) {
    const mark = String.fromCharCode(byte)
    // The first is always encoded, so that all of the word is `_` and digits followed by plain bytes.
    word += word !== '' && plain.test(mark) ? mark : `_${byte.toString(8).padStart(3, '0')}`
  }
  return word
}

/** One word of sh(1), whatever it holds. */
export const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/**
 * Decodes and runs $1. It is read by the login shell first, which may be csh or fish: there is no newline, no `!` and no
 * single quote in it. Where a shell takes `\\` in single quotes for one backslash, as fish and tcsh with backslash_quote
 * do, two are left of the four: the first of what sh sees is taken either way.
 */
// biome-ignore lint/suspicious/noTemplateCurlyInString: sh's own braces
const decode = 'b="\\\\\\\\";b=${b%"${b#?}"};set -f;IFS=_;set -- $1;unset IFS;shift;eval "$(printf %b "$(printf "${b}${b}0%s" "$@")")"'

/** More than this in one argument and Linux does not start a program (MAX_ARG_STRLEN is 128 KiB). */
export const longestWord = 120 * 1024

/**
 * What ssh sends for the login shell to run: sh with `script`, and the values as its "$1", "$2" …. Values never touch the
 * login shell, nor the text of the script.
 */
export function remoteWord(script: string, values: readonly string[] = []): string {
  const text = `set -- ${values.map(quote).join(' ')}\n${script}\n:`
  return `exec /bin/sh -c '${decode}' sh ${encodeText(text)}`
}

/** A word that no output holds by accident. */
export const newNonce = () => randomBytes(12).toString('hex')

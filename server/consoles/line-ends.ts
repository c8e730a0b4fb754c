const [lf, cr] = [10, 13]

/**
 * Makes the line ends of a stream alike, whatever terminals it went through: each of those makes CR LF of LF anew, so that
 * Incus' console has CR CR CR LF where its log has CR LF. Returns what is to be given the pieces in order.
 */
export function likeLineEnds(): (bytes: Uint8Array) => Buffer {
  let last = -1
  return (bytes) => {
    const alike = Buffer.allocUnsafe(bytes.length * 2)
    let length = 0
    for (const byte of bytes) {
      if (byte === lf && last !== cr) alike[length++] = cr
      if (byte !== cr || last !== cr) alike[length++] = byte
      last = byte
    }
    return alike.subarray(0, length)
  }
}

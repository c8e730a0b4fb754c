const KiB = 1024
const minute = 60_000

/** How much and how long; tests use smaller ones. Bytes and ms. */
export type ConsoleLimits = typeof consoleLimits

export const consoleLimits = {
  /** What a session keeps for those who come back. */
  ringBytes: 4096 * KiB,
  /** Sent to a viewer and not yet drawn, until it says what suits it, and the bounds of that. It is also what Ctrl-C has to wait for. */
  windowBytes: 1024 * KiB,
  windowRange: [64 * KiB, 2048 * KiB] as [number, number],
  /** Sent to a viewer and not yet taken by the system, beyond which nothing more is sent: so much memory has one that does not read. */
  bufferBytes: 128 * KiB,
  /** Largest frame to a viewer: small enough that a browser draws between two. */
  frameBytes: 64 * KiB,
  /** With at least so much under way to a viewer, frames are filled before they are sent. */
  quietBytes: 16 * KiB,
  /** What a new viewer sees of the past. */
  replayBytes: 512 * KiB,
  /** And at most so many lines, which is the scrollback that a glass begins with: it draws short ones no faster than long ones. */
  replayLines: 10_000,
  /** Of a longer past a newcomer is told the last screen first. */
  screenBytes: 8 * KiB,
  /** Of the serial log, loaded when a session begins. */
  historyBytes: 256 * KiB,
  /** On disk, of all sessions together; each has at most one and a half rings there. */
  keptBytes: 1024 * 1024 * KiB,
  /** Sessions at a time; the one that nobody has watched for longest makes room for a new one. */
  sessions: 400,
  /** Glasses on one session. */
  viewers: 50,
  /** A guest that is gone may only have another name, or be on another host: so long is waited for it. */
  movingMs: 5_000,
  /** A guest that said nothing for so long: its log has all that it said. */
  quietMs: 1_000,
  /** Largest frame from a viewer. */
  inputBytes: 256 * KiB,
  /** A viewer that draws nothing for so long no longer holds the source back: a hidden tab must not stop a build. */
  stallMs: 2_000,
  /** A viewer that draws nothing for so long is cut off. */
  cutOffMs: 2 * minute,
  pingMs: 25_000,
  /** A session without viewers ends after this. */
  idleMs: 30 * minute,
  /** Between two tries to attach again: from, to. */
  retryMs: [250, 5_000] as [number, number],
}
